/** One filter chip and the predicate text that the API understands. */

export const OPERATORS = ["=", "<>", ">=", "<=", "is null", "is not null"] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Clause {
  readonly column: string;
  readonly operator: Operator;
  readonly value: string;
}

export const OPERATOR_WORDS: Record<Operator, string> = {
  "=": "is",
  "<>": "is not",
  ">=": "is at least",
  "<=": "is at most",
  "is null": "is not known",
  "is not null": "is known",
};

function name(column: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(column) ? column : `"${column.replaceAll('"', '""')}"`;
}

function literal(value: string, kind: string): string {
  if (kind === "flag" && /^(true|false)$/i.test(value)) return value.toLowerCase();
  if ((kind === "number" || kind === "money") && value.trim() !== "" && Number.isFinite(Number(value)))
    return String(Number(value));
  return `'${value.replaceAll("'", "''")}'`;
}

/** Whether the operator compares with a value. */
export function needsValue(operator: Operator): boolean {
  return operator !== "is null" && operator !== "is not null";
}

/** Predicate text of one clause; `kind` is the column's kind. */
export function clauseText(clause: Clause, kind: string): string {
  const left = name(clause.column);
  return needsValue(clause.operator)
    ? `${left} ${clause.operator} ${literal(clause.value, kind)}`
    : `${left} ${clause.operator}`;
}

/** A text before a character, that character, and what comes after it, cut to some length around it. */
export function around(text: string, at: number, width = 40): [string, string, string] {
  const begin = at > width ? at - width : 0;
  const end = Math.min(text.length, at + 1 + width);
  const wrong = text.slice(at, at + 1);
  return [`${begin > 0 ? "…" : ""}${text.slice(begin, at)}`, wrong.trim() === "" ? "␣" : wrong, `${text.slice(at + 1, end)}${end < text.length ? "…" : ""}`];
}

/** Several predicates that must all hold, as one. */
export function allOf(predicates: readonly string[]): string | undefined {
  if (predicates.length < 2) return predicates[0];
  // A comment ends with its line, not with the bracket behind it.
  return predicates.map((text) => `(${text}${text.includes("--") ? "\n" : ""})`).join(" and ");
}
