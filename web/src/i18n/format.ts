import { useTranslation } from "react-i18next";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Dates, times and numbers in the language of the console and the conventions and time zone of the browser. */
export interface Format {
  /** "3 min. ago"; now: milliseconds since 1970. */
  ago(then: string | Date, now: number): string;
  /** Day and time to the second: what a tooltip shows. */
  exact(then: string | Date): string;
  /** Short day and time for a column. */
  stamp(then: string | Date): string;
  /** The time of day. */
  time(then: string | Date): string;
  /** The time of day to the second. */
  second(then: string | Date): string;
  /** A day by itself. */
  day(then: string | Date): string;
  /** "A, B and C" */
  list(items: readonly string[]): string;
  number(n: number): string;
  /** "1.2 MB" */
  bytes(n: number): string;
}

/** The console's language with the browser's region, so that English is British where the browser is. */
export function localeFor(language: string, wanted: readonly string[]): string {
  return wanted.find((tag) => tag.toLowerCase().split("-")[0] === language) ?? language;
}

export function createFormat(locale: string): Format {
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  const exact = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "medium" });
  const stamp = new Intl.DateTimeFormat(locale, {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
  const second = new Intl.DateTimeFormat(locale, { timeStyle: "medium" });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
  const list = new Intl.ListFormat(locale, { type: "conjunction" });
  const number = new Intl.NumberFormat(locale);
  const bytes = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"].map(
    (unit) => new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short", maximumSignificantDigits: 3 }),
  );
  return {
    ago(then, now) {
      const seconds = Math.max(0, (now - new Date(then).getTime()) / 1000);
      if (seconds < 45) return relative.format(0, "second");
      if (seconds < 45 * MINUTE) return relative.format(-Math.max(1, Math.round(seconds / MINUTE)), "minute");
      if (seconds < 22 * HOUR) return relative.format(-Math.max(1, Math.round(seconds / HOUR)), "hour");
      if (seconds < 26 * DAY) return relative.format(-Math.max(1, Math.round(seconds / DAY)), "day");
      if (seconds < 320 * DAY) return relative.format(-Math.max(1, Math.round(seconds / (30 * DAY))), "month");
      return relative.format(-Math.max(1, Math.round(seconds / (365 * DAY))), "year");
    },
    exact: (then) => exact.format(new Date(then)),
    stamp: (then) => stamp.format(new Date(then)),
    time: (then) => time.format(new Date(then)),
    second: (then) => second.format(new Date(then)),
    day: (then) => day.format(new Date(then)),
    list: (items) => list.format(items),
    number: (n) => number.format(n),
    bytes(n) {
      const step = Math.min(bytes.length - 1, Math.floor(Math.log10(Math.max(n, 1)) / 3));
      return bytes[step]!.format(n / 1000 ** step);
    },
  };
}

/** The first letter of a name, as people see letters. */
export function initial(name: string): string | undefined {
  const [first] = new Intl.Segmenter().segment(name);
  return first?.segment.toLocaleUpperCase();
}

/** The order of names, as the browser's language has it: numbers in them by their value, case and accents last. */
export const compareNames = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" }).compare;

/** A span of time as h:mm:ss, or m:ss below an hour; the same in every language. */
export function clock(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, "0");
  const [h, m] = [Math.floor(s / HOUR), Math.floor((s % HOUR) / MINUTE)];
  return h > 0 ? `${h}:${two(m)}:${two(s % MINUTE)}` : `${m}:${two(s % MINUTE)}`;
}

/** The browser's time zone, as the IANA names it. */
export function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** One for each locale: the browser takes a millisecond to make what each is made of, and every row of a list asks for one. */
const formats = new Map<string, Format>();

export function useFormat(): Format {
  const { i18n } = useTranslation();
  const locale = localeFor(i18n.language, navigator.languages);
  let format = formats.get(locale);
  if (!format) {
    format = createFormat(locale);
    formats.set(locale, format);
  }
  return format;
}
