/** What is wrong with a program, each with what to do; errors keep it from being started. */

import type { ProgramFinding } from "@/api/types.ts";
import { fieldWords } from "@/stages/act/words.ts";
import classes from "./act.module.css";

export function Findings({ findings }: { readonly findings: readonly ProgramFinding[] }) {
  if (findings.length === 0) return null;
  const ordered = [...findings].sort((one, two) => Number(one.level === "warning") - Number(two.level === "warning"));
  return (
    <ul className={classes.findings} aria-label="What to mend">
      {ordered.map((one) => (
        <li key={`${one.code} ${one.where} ${one.line} ${one.message}`} data-level={one.level}>
          <b>{one.level === "error" ? "■ Must be mended. " : "▲ "}</b>
          {one.message} {one.hint}
          <span className={classes.soft}>
            {" "}
            {fieldWords(one.where)}
            {one.line !== null && `, line ${one.line}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
