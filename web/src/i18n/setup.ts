import i18next, { type i18n } from "i18next";
import { initReactI18next } from "react-i18next";
import type first from "../locales/en";
import type rest from "../locales/en.rest";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof first & typeof rest };
  }
}

/** The languages of the console, each under its own name. */
export const languages = {
  de: "Deutsch",
  en: "English",
  es: "Español",
  fr: "Français",
  it: "Italiano",
  pt: "Português",
} as const;
export type Language = keyof typeof languages;
type Catalogues = Record<Language, () => Promise<{ default: object }>>;

const firstTexts: Catalogues = {
  de: () => import("../locales/de"),
  en: () => import("../locales/en"),
  es: () => import("../locales/es"),
  fr: () => import("../locales/fr"),
  it: () => import("../locales/it"),
  pt: () => import("../locales/pt"),
};

const otherTexts: Catalogues = {
  de: () => import("../locales/de.rest"),
  en: () => import("../locales/en.rest"),
  es: () => import("../locales/es.rest"),
  fr: () => import("../locales/fr.rest"),
  it: () => import("../locales/it.rest"),
  pt: () => import("../locales/pt.rest"),
};

const STORED = "deskhand.language";

/** The first of the wanted languages (BCP 47) that has a catalogue; English when none has. */
export function pickLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const base = tag.toLowerCase().split("-")[0] as Language;
    if (base in languages) return base;
  }
  return "en";
}

const begun = new Set<Language>();
let all = false;

/** The texts of a language that the console begins with, and the others once a page has needed them. */
export async function loadLanguage(language: Language): Promise<void> {
  begun.add(language);
  await add(language, firstTexts);
  if (all) await add(language, otherTexts);
}

/** The texts of the pages that the console does not begin with: such a page is not shown before. */
export async function loadAllTexts(): Promise<void> {
  all = true;
  await Promise.all([...begun].map((language) => add(language, otherTexts)));
}

async function add(language: Language, from: Catalogues): Promise<void> {
  const { default: texts } = await from[language]();
  i18next.addResourceBundle(language, "translation", texts, true);
}

/** Switches the console to what the agent wants ("": the browser's) and remembers it for the login page. */
export async function switchLanguage(wanted: string): Promise<void> {
  const language = wanted ? pickLanguage([wanted]) : pickLanguage(navigator.languages);
  await loadLanguage(language);
  if (wanted) localStorage.setItem(STORED, language);
  else localStorage.removeItem(STORED);
  if (i18next.language !== language) await i18next.changeLanguage(language);
}

/** Begins with the language that this browser used last. */
export async function startI18n(): Promise<i18n> {
  const stored = localStorage.getItem(STORED);
  const language = pickLanguage(stored ? [stored] : navigator.languages);
  i18next.on("languageChanged", (now) => {
    document.documentElement.lang = now;
  });
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: {},
    partialBundledLanguages: true,
    interpolation: { escapeValue: false }, // React writes text nodes
    returnNull: false,
  });
  await loadLanguage(language);
  return i18next;
}
