import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

/** The brand's own colour. White text on shade 7 and shade 7 on white both pass AA. */
const harbor: MantineColorsTuple = [
  "#eaf6f3",
  "#d2ece6",
  "#a5d9ce",
  "#78c6b6",
  "#54b5a3",
  "#389c8b",
  "#1f8577",
  "#13756a",
  "#0d5f56",
  "#084a43",
];

/** Mantine's greys of the dark scheme, with a little of the sea in them. */
const dark: MantineColorsTuple = [
  "#e8eeec",
  "#cbd5d2",
  "#a7b5b2",
  "#82928f",
  "#3c494c",
  "#2d383b",
  "#1d272a",
  "#141c1f",
  "#10171a",
  "#0b1113",
];

export const theme = createTheme({
  primaryColor: "harbor",
  primaryShade: 7,
  colors: { harbor, dark },
  defaultRadius: "md",
  radius: { md: "0.625rem", lg: "1rem" },
  fontFamily: '"Figtree", system-ui, -apple-system, "Segoe UI", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace',
  /** The size of the page's own text; descriptions and errors of fields are two pixels smaller. */
  fontSizes: { sm: "0.9375rem" },
  cursorType: "pointer",
  respectReducedMotion: true,
  focusRing: "auto",
  components: {
    // What opens stays inside the landmark it belongs to, and holds nothing that its role does not allow.
    Menu: { defaultProps: { withinPortal: false, withInitialFocusPlaceholder: false, hideDetached: false } },
    // The list of options scrolls itself: a scrolling box around it could not be reached by keyboard.
    Select: {
      defaultProps: {
        comboboxProps: { withinPortal: false },
        withScrollArea: false,
        styles: { options: { maxHeight: "18rem", overflowY: "auto" } },
      },
    },
  },
});

/** Meanings, not shades: the style sheets use only these and stay the same in both schemes. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#f6f7f5",
    "--mantine-color-text": "#17211f",
    "--mantine-color-dimmed": "#55625f",
    "--mantine-color-anchor": "#0d6a60",
    "--mantine-color-placeholder": "#6b7774",
    "--mantine-color-error": "#b42318",
    "--mantine-color-default-color": "#17211f",
    "--surface": "#ffffff",
    "--surface-soft": "#f0f2ef",
    "--line": "#e2e6e1",
    "--line-strong": "#c7cec9",
    "--good": "#0b6b4f",
    "--good-soft": "#e0f2ea",
    "--busy": "#1b5a9e",
    "--busy-soft": "#e4eefa",
    "--warn": "#855000",
    "--warn-soft": "#fbf0d9",
    "--bad": "#b42318",
    "--bad-soft": "#fdebe9",
    "--quiet": "#52605c",
    "--quiet-soft": "#eceeeb",
    "--brand": "#13756a",
    "--brand-soft": "#e4f3ef",
    "--plot-good": "#389c8b",
    "--plot-bad": "#d9604f",
    "--plot-quiet": "#84918d",
    "--shadow": "0 1px 2px rgb(23 33 31 / 5%), 0 6px 24px rgb(23 33 31 / 4%)",
  },
  dark: {
    "--mantine-color-body": "#10171a",
    "--mantine-color-text": "#e8eeec",
    "--mantine-color-dimmed": "#a3b2ae",
    "--mantine-color-anchor": "#78cdbb",
    "--mantine-color-placeholder": "#8a9a97",
    "--mantine-color-error": "#ff9d92",
    "--mantine-color-default-color": "#e8eeec",
    "--surface": "#182124",
    "--surface-soft": "#1f2a2d",
    "--line": "#29353a",
    "--line-strong": "#40504f",
    "--good": "#7fdcb4",
    "--good-soft": "#16332a",
    "--busy": "#93c3f7",
    "--busy-soft": "#182c42",
    "--warn": "#f2c36b",
    "--warn-soft": "#372a10",
    "--bad": "#ff9d92",
    "--bad-soft": "#3d1f1e",
    "--quiet": "#aab7b4",
    "--quiet-soft": "#253033",
    "--brand": "#78cdbb",
    "--brand-soft": "#17302d",
    "--plot-good": "#389c8b",
    "--plot-bad": "#e07a6d",
    "--plot-quiet": "#84918d",
    "--shadow": "none",
  },
});
