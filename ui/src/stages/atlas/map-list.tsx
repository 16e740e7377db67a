/** The map on a phone: steps from first to last, each followed by its arrows, indented. */

import { namesOf } from "@/charts/download.ts";
import { count } from "@/lib/format.ts";
import type { DrawnArrow } from "@/api/types.ts";
import { useAtlas, useStep } from "@/stages/atlas/atlas-context.ts";
import { arrowSentence, arrowText, strengths, visibleMoves } from "@/stages/atlas/map-input.ts";
import { visibleLoss } from "@/stages/atlas/marks.ts";
import { StepCard } from "@/stages/atlas/step-card.tsx";
import classes from "./map-list.module.css";

export function MapList() {
  const { picture } = useAtlas();
  const losses = strengths(new Map(picture.price.steps.map((step) => [step.id, visibleLoss(step, picture.price)])));
  return (
    <ol className={classes.list} aria-label="The map: steps from first to last">
      {picture.columns.map(([stage, steps]) => (
        <li key={stage}>
          {stage && <h2 className={classes.stage}>{stage}</h2>}
          <ol className={classes.list}>
            {steps.map((id) => (
              <li key={id} className={classes.step}>
                <StepCard id={id} strength={losses.get(id) ?? 0} />
                <Arrows id={id} />
              </li>
            ))}
          </ol>
        </li>
      ))}
    </ol>
  );
}

const RANK = { loop: 0, forward: 1, return: 2 } as const;
const SIGN = { forward: "→", loop: "↻", return: "↩" } as const;

function Arrows({ id }: { readonly id: string }) {
  const { picture, smaller, openPeople } = useAtlas();
  const { figures } = useStep(id);
  const own = visibleMoves(picture, smaller).filter(({ arrow }) => arrow.from === id).sort((a, b) => RANK[a.kind] - RANK[b.kind]);
  return (
    <ul className={classes.arrows}>
      {own.map((move) => (
        <ArrowLine key={move.arrow.to} move={move} />
      ))}
      {figures && figures.leave > 0 && (
        <li>
          <button type="button" className={classes.arrow} onClick={() => openPeople({ kind: "arrow", from: id, to: "exit" })}>
            <span className={classes.sign} data-sign="⇣" />
            <span className={classes.leave}>{count(figures.leave_per_month)} leave</span>
          </button>
        </li>
      )}
    </ul>
  );
}

function ArrowLine({ move }: { readonly move: DrawnArrow }) {
  const { picture, lens, openArrow } = useAtlas();
  const name = namesOf(picture.document);
  const { currency } = picture.price;
  const where = move.kind === "loop" ? "again" : move.kind === "return" ? `back to ${name(move.arrow.to)}` : name(move.arrow.to);
  const text = arrowText(move, lens, currency).replace(/ (again|back)$/, "");
  return (
    <li>
      <button type="button" className={classes.arrow} data-kind={move.kind} aria-label={`${where} ${text}: ${arrowSentence(move, name, currency)}`} onClick={() => openArrow(move.arrow)}>
        <span className={classes.sign} data-sign={SIGN[move.kind]} />
        <span>{where}</span> <span className={classes.number}>{text}</span>
      </button>
    </li>
  );
}
