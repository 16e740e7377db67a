/** Mantine's look, taken from the tokens so that the app has one accent and one type family. */

import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

const accent: MantineColorsTuple = [
  "#eef0fb",
  "#dce0f6",
  "#b9c1ee",
  "#94a0e6",
  "#8c9bf2",
  "#5e70d6",
  "#4a5dcc",
  "#3b4fc4",
  "#3345b0",
  "#293893",
];

const dark: MantineColorsTuple = [
  "#ececee",
  "#c8cacf",
  "#a6a9b1",
  "#7c808a",
  "#3a3d45",
  "#2c2e34",
  "#191a1e",
  "#191a1e",
  "#141518",
  "#0f1012",
];

export const theme = createTheme({
  primaryColor: "accent",
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  colors: { accent, dark },
  fontFamily: "var(--font)",
  headings: { fontFamily: "var(--font)", fontWeight: "600" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Button: { styles: { label: { fontWeight: 550, fontSize: 13 } } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 150, events: { hover: true, focus: true, touch: true } } },
  },
});

const shared = {
  "--mantine-color-body": "var(--surface)",
  "--mantine-color-text": "var(--ink)",
  "--mantine-color-dimmed": "var(--ink-soft)",
  "--mantine-color-default": "var(--surface)",
  "--mantine-color-default-border": "var(--line)",
  "--mantine-color-accent-light": "var(--accent-soft)",
  "--mantine-color-accent-light-hover": "var(--accent-soft)",
  "--mantine-color-accent-light-color": "var(--accent-ink)",
  "--mantine-color-placeholder": "var(--ink-soft)",
};

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared });
