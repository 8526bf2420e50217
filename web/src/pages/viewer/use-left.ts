import { useEffect, useState } from "react";

/** Counts the seconds of a question down; another question begins anew. */
export function useLeft(seconds: number, question: unknown): number {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    void question;
    setLeft(seconds);
    if (seconds === 0) return;
    const timer = setInterval(() => setLeft((now) => Math.max(0, now - 1)), 1000);
    return () => clearInterval(timer);
  }, [seconds, question]);
  return left;
}
