/** Whole journeys: the commonest, how common they are and how long they take; the rest is counted. */

import { useAddress } from "@/api/address.ts";
import { useExplore } from "@/api/explore.ts";
import { useAnswer, useDifference } from "@/api/measure-queries.ts";
import type { Choices, Variants, VariantsDiff } from "@/api/types.ts";
import { toCsv } from "@/lib/csv.ts";
import { count, duration, percent } from "@/lib/format.ts";
import { BreakDown } from "@/stages/measure/break-down.tsx";
import { OTHER, partOf, quoted } from "@/lib/cells.ts";
import { ownersOf, useWhole, wholeOf } from "@/stages/measure/funnel-counted.ts";
import { cellOf, type Ground, UNKNOWN } from "@/stages/measure/number-of.ts";
import { DifferencesTable, type Differing } from "@/stages/measure/paths/differences-table.tsx";
import { ChoiceOf, RepeatsField, StatesField } from "@/stages/measure/paths/fields.tsx";
import { variantsDiffSentence, variantsSentence } from "@/stages/measure/paths/sentences.ts";
import { WaysNav } from "@/stages/measure/paths/ways-nav.tsx";
import { Room } from "@/stages/measure/room.tsx";
import { likelyShare } from "@/stages/measure/sentences.ts";
import { stateOf } from "@/stages/measure/state-of.tsx";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import { Figure } from "@/ui/figure.tsx";
import answer from "@/stages/measure/answer.module.css";
import builder from "@/stages/measure/builder.module.css";
import { WhosePicker } from "@/stages/measure/whose-picker.tsx";
import classes from "./ways.module.css";

export function VariantsRoom({ choices }: { readonly choices: Choices }) {
  const { asked, selection, against } = useExplore();
  const { see } = useAddress();
  const one = useAnswer<Variants>({ question: "variants", asked, selection, enabled: against === null });
  const two = useDifference<VariantsDiff>({ question: "variants", asked, selection, enabled: against !== null });
  const query = against ? two : one;
  const shared = { question: "variants" as const, builder: <Builder choices={choices} /> };
  const state = stateOf(query, "Comparing whole journeys");
  const diff = against ? (two.data ?? null) : null;
  const found = against ? null : (one.data ?? null);
  if (state || !(diff ?? found)) return <Room {...shared} headline="" body={state} />;
  const counted = wholeOf(asked.of);
  const ground: Ground = { question: "variants", asked, selection };
  const openIn = (from: Ground) => (cell: string, title: string) => see({ people: cellOf(from, cell, title) });
  const sides = diff && against ? [{ name: "A", found: diff.a, open: openIn(ground) }, { name: "B", found: diff.b, open: openIn({ ...ground, selection: against }) }] : found ? [{ name: "", found, open: openIn(ground) }] : [];
  return (
    <Room
      {...shared}
      headline={diff ? variantsDiffSentence(diff, counted) : found ? variantsSentence(found, counted) : ""}
      stale={query.isPlaceholderData}
      csv={() => csvOf(sides)}
      body={
        <div className={answer.answer}>
          {diff && <DifferencesTable rows={differing(diff)} first="" />}
          {sides.map((side) => (
            <Journeys key={side.name} {...side} />
          ))}
        </div>
      }
    />
  );
}

function Builder({ choices }: { readonly choices: Choices }) {
  return (
    <div className={builder.builder}>
      <WaysNav now="variants" />
      <WhosePicker />
      <StatesField choices={choices} />
      <RepeatsField />
      <div className={builder.pair}>
        <ChoiceOf part="length" label="Told apart by" options={[["3", "first 3 steps"], ["", "first 5 steps"], ["10", "first 10 steps"], ["20", "first 20 steps"], ["100", "first 100 steps"]]} />
        <ChoiceOf part="most" label="Shown" options={[["", "12 journeys"], ["30", "30 journeys"], ["100", "100 journeys"], ["1000", "1000 journeys"]]} />
      </div>
      <BreakDown choices={choices} />
    </div>
  );
}

interface SideOf {
  readonly name: string;
  readonly found: Variants;
  readonly open: (cell: string, title: string) => void;
}

/** A shown journey, or all others as the last row. */
interface Row {
  readonly cell: string;
  readonly states: readonly string[];
  readonly goesOn: boolean;
  readonly place: number;
  readonly said: Variants["rest"] | Variants["shown"][number];
}

function rowsOf({ shown, rest }: Variants): readonly Row[] {
  const rows = shown.map((one, place): Row => ({ cell: [...one.states.map(quoted), ...(one.goes_on ? ["(goes on)"] : [])].join(" > "), states: one.states, goesOn: one.goes_on, place, said: one }));
  return rest.count !== 0 ? [...rows, { cell: OTHER, states: [], goesOn: false, place: -1, said: rest }] : rows;
}

function Journeys({ name, found, open }: SideOf) {
  const owners = ownersOf(useWhole());
  const parts = found.by ?? [];
  const title = (row: Row) => (row.states.length > 0 ? `${owners.name} whose journey is ${row.states.join(" → ")}` : `${owners.name} with a rarer journey`);
  const most = Math.max(...found.shown.map((one) => one.share ?? 0), 0.0001);
  const columns: readonly ColumnOf<Row>[] = [
    { name: "Journey", show: (row) => <Journey row={row} others={found.rest.variants} /> },
    { name: owners.name, right: true, show: (row) => <Figure meaning={{ what: title(row), lines: ["A click opens them."] }} onOpen={() => open(row.cell, title(row))}>{count(row.said.count)}</Figure> },
    {
      name: "Of all",
      right: true,
      show: (row) => (
        <span className={classes.row}>
          {row.place >= 0 && <span className={answer.bar} style={{ width: `${Math.round(((row.said.share ?? 0) / most) * 90)}px` }} aria-hidden="true" />}{" "}
          <Figure meaning={{ what: "Share of all journeys.", lines: [`${likelyShare(row.said.interval)} (95 %).`] }}>{percent(row.said.share ?? 0)}</Figure>
        </span>
      ),
    },
    { name: "Time, middle case", right: true, show: (row) => (row.said.median_seconds === null ? "" : duration(row.said.median_seconds)) },
    ...parts.map(
      (part): ColumnOf<Row> => ({
        name: part.value ?? UNKNOWN,
        right: true,
        show: (row) => {
          const [n, share] = row.place < 0 ? [part.rest, part.rest / part.entities] : [part.counts[row.place] ?? 0, part.shares[row.place] ?? 0];
          const likely = row.place < 0 ? null : (part.intervals[row.place] ?? null);
          return n > 0 && <Figure meaning={{ what: `${count(n)} of ${count(part.entities)}.`, lines: [likely ? `${likelyShare(likely)} (95 %).` : "", "A click opens them."].filter(Boolean) }} onOpen={() => open(row.cell + partOf(part), title(row))}>{percent(share)}</Figure>;
        },
      }),
    ),
  ];
  return <DataTable caption={`${name ? `${name}: ` : ""}${count(found.variants)} different journeys, the commonest first`} columns={columns} rows={rowsOf(found)} keyOf={(row) => row.cell} />;
}

function Journey({ row, others }: { readonly row: Row; readonly others: number }) {
  if (row.states.length === 0) return <span className={answer.words}>{count(others)} others</span>;
  return (
    <span className={classes.journey}>
      {row.states.map((state, place) => (
        <span key={`${place} ${state}`} className={classes.row}>
          {place > 0 && <span aria-hidden="true">→ </span>}
          <span className={classes.stop}>{state}</span>
        </span>
      ))}
      {row.goesOn && <span className={answer.words}>and goes on</span>}
    </span>
  );
}

function differing({ variants, rest }: VariantsDiff): readonly Differing[] {
  const rows = variants.map((one): Differing => ({ key: String(one.rank), first: "", what: one.states.join(" → ") + (one.goes_on ? " and goes on" : ""), share: one.share }));
  return [...rows, { key: "rest", first: "", what: "all other journeys", share: rest }];
}

function csvOf(sides: readonly SideOf[]): string {
  return toCsv(
    ["of", "journey", "goes_on", "people", "share", "low", "high", "median_seconds"],
    sides.flatMap(({ name, found }) => rowsOf(found).map(({ states, goesOn, said }) => [name, states.length > 0 ? states.join(" > ") : `${found.rest.variants} others`, goesOn ? 1 : 0, said.count, said.share, said.interval?.[0] ?? null, said.interval?.[1] ?? null, said.median_seconds])),
  );
}
