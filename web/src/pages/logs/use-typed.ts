import { useEffect, useRef, useState } from "react";

/** How long to wait for the next letter before what was typed counts, milliseconds. */
const PAUSE = 250;

/** The text of a field whose value counts after a pause in typing, or when the field goes. */
export function useTyped(value: string, onChange: (text: string) => void): [string, (text: string) => void] {
  const [text, setText] = useState(value);
  const told = useRef(value);
  const tell = useRef(onChange);
  tell.current = onChange;
  // Changed from elsewhere: a chip was removed, or Back.
  if (value !== told.current) {
    told.current = value;
    if (text !== value) setText(value);
  }
  useEffect(() => {
    if (text === told.current) return;
    const timer = setTimeout(() => {
      told.current = text;
      tell.current(text);
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  const last = useRef(text);
  last.current = text;
  useEffect(
    () => () => {
      if (last.current !== told.current) tell.current(last.current);
    },
    [],
  );
  return [text, setText];
}
