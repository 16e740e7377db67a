/** The page's colours, read when a chart is drawn. */

export interface Palette {
  readonly accent: string;
  readonly accentLine: string;
  readonly less: string;
  readonly lessLine: string;
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly surface: string;
}

/** Read the colours of the present theme. */
export function palette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(name).trim();
  return {
    accent: of("--accent"),
    accentLine: of("--accent-line"),
    less: of("--less"),
    lessLine: of("--less-line"),
    ink: of("--ink"),
    soft: of("--ink-soft"),
    line: of("--line"),
    surface: of("--surface"),
  };
}
