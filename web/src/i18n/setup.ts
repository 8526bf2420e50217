import i18next, { type i18n } from "i18next";
import { initReactI18next } from "react-i18next";
import type english from "../locales/en";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof english };
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

const catalogues: Record<Language, () => Promise<{ default: object }>> = {
  de: () => import("../locales/de"),
  en: () => import("../locales/en"),
  es: () => import("../locales/es"),
  fr: () => import("../locales/fr"),
  it: () => import("../locales/it"),
  pt: () => import("../locales/pt"),
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

/** The catalogue of a language, fetched once. */
export async function loadLanguage(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, "translation")) return;
  const { default: catalogue } = await catalogues[language]();
  i18next.addResourceBundle(language, "translation", catalogue);
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
