import { useFormat } from "../../../i18n/format";

/** Bytes in the unit that fits, in the viewer's language. */
export const useBytes = (): ((n: number) => string) => useFormat().bytes;
