import { Button, ColorInput, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Branding, type Palette, paletteQuery, useChangeBranding } from "../../../api/branding";
import { Fault } from "../../../api/fault";
import { Banner, FaultBanner } from "../../../components/banner";
import { useFaultText } from "../../../components/fault-text";
import classes from "./branding.module.css";
import { LogoField } from "./logo-field";
import { Preview } from "./preview";

const HEX = /^#[0-9a-f]{6}$/;

/** What can be changed, and beside it how it will look. The logo is kept at once; the rest by Save. */
export function BrandingForm({ branding }: { branding: Branding }) {
  const { t } = useTranslation();
  const faultText = useFaultText();
  const [form, setForm] = useState({
    company: branding.company,
    color: branding.color,
    consentWords: branding.consentWords,
  });
  const save = useChangeBranding();
  const color = form.color.trim().toLowerCase();
  const wrongColor = color !== "" && !HEX.test(color);
  const [asked] = useDebouncedValue(HEX.test(color) ? color : "", 150);
  const palette = useQuery({
    ...paletteQuery(asked),
    enabled: asked !== "",
    placeholderData: keepPreviousData,
  });
  const shown = asked === "" ? undefined : palette.data;
  const changed =
    form.company !== branding.company || color !== branding.color || form.consentWords !== branding.consentWords;
  const said = (name: string) =>
    save.error instanceof Fault && save.error.field === name ? faultText(save.error).text : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wrongColor) return;
    save.mutate({ ...form, color }, { onSuccess: () => notifications.show({ message: t("branding.saved") }) });
  };
  return (
    <div className={classes.columns}>
      <form onSubmit={submit} noValidate className={classes.form}>
        {save.error && !(save.error instanceof Fault && save.error.field) && <FaultBanner error={save.error} />}
        <TextInput
          label={t("branding.company")}
          description={t("branding.companyText")}
          maxLength={80}
          value={form.company}
          onChange={(event) => setForm({ ...form, company: event.currentTarget.value })}
          error={said("company")}
        />
        <LogoField logo={branding.logo} />
        <ColorInput
          label={t("branding.color")}
          description={t("branding.colorText")}
          placeholder="#0b6b85"
          format="hex"
          fixOnBlur={false}
          eyeDropperButtonProps={{ "aria-label": t("branding.eyeDropper") }}
          value={form.color}
          onChange={(value) => setForm({ ...form, color: value })}
          error={wrongColor ? t("branding.colorWrong") : said("color")}
        />
        {shown && <Readable palette={shown} />}
        <Textarea
          label={t("branding.consent")}
          description={t("branding.consentText")}
          maxLength={200}
          rows={2}
          value={form.consentWords}
          onChange={(event) => setForm({ ...form, consentWords: event.currentTarget.value.replace(/\n/g, " ") })}
          error={said("consentWords")}
        />
        <div>
          <Button type="submit" variant="filled" disabled={!changed || wrongColor} loading={save.isPending}>
            {t("action.save")}
          </Button>
        </div>
      </form>
      <Preview company={form.company} logo={branding.logo} palette={shown} words={form.consentWords} />
    </div>
  );
}

/** Says where the colour itself could not be read, and what is done about it. */
function Readable({ palette }: { palette: Palette }) {
  const { t } = useTranslation();
  const { adjustedLight, adjustedDark } = palette;
  if (!adjustedLight && !adjustedDark) return <Banner>{t("branding.readable")}</Banner>;
  return (
    <Banner>
      {adjustedLight && adjustedDark
        ? t("branding.adjustedBoth")
        : adjustedLight
          ? t("branding.adjustedLight")
          : t("branding.adjustedDark")}
    </Banner>
  );
}
