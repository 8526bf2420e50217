import { useMemo } from "react";
import { useTranslation } from "react-i18next";

const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** Bytes in the unit that fits, in the viewer's language. */
export function useBytes(): (n: number) => string {
  const { i18n } = useTranslation();
  return useMemo(() => {
    const formats = units.map(
      (unit) =>
        new Intl.NumberFormat(i18n.language, {
          style: "unit",
          unit,
          unitDisplay: unit === "byte" ? "narrow" : "short",
          maximumSignificantDigits: 3,
        }),
    );
    return (n) => {
      const step = n < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(n) / 3));
      return formats[step]!.format(n / 1000 ** step);
    };
  }, [i18n.language]);
}
