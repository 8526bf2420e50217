import { usePreference, useSwitch } from "../../components/use-preference";

const smallest = 9; // pixels
const largest = 32;
const normal = 14;

/** The size of a terminal's text, as this browser remembers it. */
export function useFontSize() {
  const [kept, keep] = usePreference("prompt.text", String(normal));
  const pixels = Math.min(largest, Math.max(smallest, Number(kept) || normal));
  return {
    pixels,
    larger: () => keep(String(Math.min(largest, pixels + 1))),
    smaller: () => keep(String(Math.max(smallest, pixels - 1))),
    normal: () => keep(String(normal)),
  };
}

/** Whether terminals are for a screen reader. */
export const useReader = () => useSwitch("prompt.reader", false);
