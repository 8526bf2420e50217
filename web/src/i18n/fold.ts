/** Lower case and without accents, so that "muller" finds "Müller". */
export function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}
