import {
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from "@mantine/core";

// Mantine draws with our tokens (tokens.css): its own palette is reduced to the accent, and whatever it asks for by role is
// pointed at a token, which differs between light and dark by itself.

const accent: MantineColorsTuple = [
  "#eef7f9",
  "#e1f0f4",
  "#bfdfe8",
  "#93c9d8",
  "#5fbbd4",
  "#2f9bb8",
  "#15839f",
  "#0b6b85",
  "#095a70",
  "#07485a",
];

/** The four looks of a control. One filled control per region; "bad" destroys something. */
const variants: VariantColorsResolver = ({ variant, color }) => {
  const bad = color === "bad";
  switch (variant) {
    case "filled":
      return {
        background: bad ? "var(--bad-fill)" : "var(--accent-fill)",
        hover: bad ? "var(--bad-fill-hover)" : "var(--accent-fill-hover)",
        color: "var(--on-accent)",
        border: "1px solid transparent",
      };
    case "light":
      return {
        background: bad ? "var(--bad-soft)" : "var(--accent-soft)",
        hover: bad ? "var(--bad-soft)" : "var(--accent-soft-hover)",
        color: bad ? "var(--bad)" : "var(--accent-on-soft)",
        border: "1px solid transparent",
      };
    case "subtle":
      return {
        background: "transparent",
        hover: "var(--hover)",
        color: bad ? "var(--bad)" : "var(--text-2)",
        border: "1px solid transparent",
      };
    default:
      return {
        background: "var(--sheet)",
        hover: "var(--hover)",
        color: bad ? "var(--bad)" : "var(--text)",
        border: "1px solid var(--line-strong)",
      };
  }
};

export const theme = createTheme({
  colors: { accent },
  primaryColor: "accent",
  primaryShade: { light: 7, dark: 4 },
  white: "#ffffff",
  black: "#15191d",
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--font-mono)",
  headings: { fontFamily: "var(--font)" },
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  lineHeights: { xs: "16px", sm: "20px", md: "20px", lg: "24px", xl: "28px" },
  spacing: { xs: "4px", sm: "8px", md: "12px", lg: "16px", xl: "24px" },
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "8px", xl: "8px" },
  defaultRadius: "md",
  shadows: { xs: "none", sm: "none", md: "var(--shadow)", lg: "var(--shadow)", xl: "var(--shadow)" },
  cursorType: "pointer",
  respectReducedMotion: true,
  variantColorResolver: variants,
  components: {
    ActionIcon: { defaultProps: { variant: "subtle", size: "input-sm" } },
    Button: { defaultProps: { variant: "default" } },
    Checkbox: { defaultProps: { radius: "xs" } },
    Menu: {
      defaultProps: {
        shadow: "md",
        offset: 4,
        transitionProps: { transition: "fade", duration: 90 },
        withInitialFocusPlaceholder: false,
      },
    },
    Modal: {
      defaultProps: { centered: true, radius: "md", transitionProps: { transition: "fade", duration: 120 } },
    },
    // A <header> outside of a landmark would count as the page's banner.
    ModalHeader: { defaultProps: { role: "presentation" } },
    Popover: { defaultProps: { shadow: "md", offset: 6, transitionProps: { transition: "fade", duration: 90 } } },
    Select: {
      defaultProps: { allowDeselect: false, checkIconPosition: "right", comboboxProps: { shadow: "md", offset: 4 } },
    },
    Tooltip: { defaultProps: { openDelay: 350, offset: 6, transitionProps: { duration: 80 } } },
  },
});

/** Mantine's roles as our tokens. */
export const cssVariables: CSSVariablesResolver = () => {
  const roles = {
    "--mantine-color-text": "var(--text)",
    "--mantine-color-bright": "var(--text)",
    "--mantine-color-body": "var(--raised)",
    "--mantine-color-error": "var(--bad)",
    "--mantine-color-success": "var(--ok)",
    "--mantine-color-placeholder": "var(--text-3)",
    "--mantine-color-anchor": "var(--accent)",
    "--mantine-color-default": "var(--sheet)",
    "--mantine-color-default-hover": "var(--hover)",
    "--mantine-color-default-color": "var(--text)",
    "--mantine-color-default-border": "var(--line)",
    "--mantine-color-dimmed": "var(--text-2)",
    "--mantine-color-disabled": "var(--idle-soft)",
    "--mantine-color-disabled-color": "var(--text-3)",
    "--mantine-color-disabled-border": "var(--line)",
    "--mantine-primary-color-filled": "var(--accent-fill)",
    "--mantine-primary-color-filled-hover": "var(--accent-fill-hover)",
  };
  return {
    variables: {
      "--input-height-sm": "var(--control)",
      "--mantine-font-weight-medium": "500",
    },
    light: roles,
    dark: roles,
  };
};
