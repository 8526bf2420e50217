const ascii = /^[\0-\x7f]*$/;

/** Lower case and without accents, so that "muller" finds "Müller". */
export function fold(text: string): string {
  // Most of ten thousand computers' texts need no more than that.
  if (ascii.test(text)) return text.toLowerCase();
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}
