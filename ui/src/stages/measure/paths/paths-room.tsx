/** Paths: which ways people take, level by level, as a stream and as tables. */

import { lazy, Suspense } from "react";
import { useAddress } from "@/api/address.ts";
import { useExplore } from "@/api/explore.ts";
import { useAnswer, useDifference } from "@/api/measure-queries.ts";
import type { Choices, Paths, PathsDiff } from "@/api/types.ts";
import { toCsv } from "@/lib/csv.ts";
import { partOf } from "@/lib/cells.ts";
import { ownersOf, wholeOf } from "@/stages/measure/funnel-counted.ts";
import { cellOf, type Ground, UNKNOWN } from "@/stages/measure/number-of.ts";
import { DifferencesTable, type Differing } from "@/stages/measure/paths/differences-table.tsx";
import { PathsBuilder } from "@/stages/measure/paths/paths-builder.tsx";
import { type Lane, MovesTable, StatesTable } from "@/stages/measure/paths/paths-table.tsx";
import { pathsDiffSentence, pathsSentence } from "@/stages/measure/paths/sentences.ts";
import { placeOf, streamOf } from "@/stages/measure/paths/stream.ts";
import { Room } from "@/stages/measure/room.tsx";
import { stateOf } from "@/stages/measure/state-of.tsx";
import { EmptyState, LoadingState } from "@/ui/states.tsx";
import answer from "@/stages/measure/answer.module.css";

const Picture = lazy(() => import("@/stages/measure/paths/stream-picture.tsx").then((found) => ({ default: found.StreamPicture })));

export function PathsRoom({ choices }: { readonly choices: Choices }) {
  const { asked, selection, against, ask } = useExplore();
  const { look, see } = useAddress();
  const one = useAnswer<Paths>({ question: "paths", asked, selection, enabled: against === null });
  const two = useDifference<PathsDiff>({ question: "paths", asked, selection, enabled: against !== null });
  const query = against ? two : one;
  const shared = { question: "paths" as const, builder: <PathsBuilder choices={choices} /> };
  const state = stateOf(query, `Following ${ownersOf(wholeOf(asked.of)).many} from step to step`);
  const diff = against ? (two.data ?? null) : null;
  const found = against ? null : (one.data ?? null);
  const whole = diff?.a ?? found;
  if (state || !whole) return <Room {...shared} headline="" body={state} />;
  const counted = wholeOf(asked.of);
  const owners = ownersOf(counted);
  const headline = diff ? pathsDiffSentence(diff, counted) : pathsSentence(whole, asked, counted);
  if (whole.walks === 0 && (diff?.b.walks ?? 0) === 0) return <Room {...shared} headline={headline} body={<EmptyState title="No paths" text={`${owners.nobody} in this selection comes there. Choose another beginning, widen the period or take a filter away.`} />} />;
  const ground: Ground = { question: "paths", asked, selection };
  const openIn = (from: Ground, part: string) => (cell: string, title: string) => see({ people: cellOf(from, cell + part, title) });
  const every = asked.count === "occurrences";
  const lanes: readonly Lane[] =
    diff && against
      ? [
          { ...diff.a, name: "A", open: openIn(ground, "") },
          { ...diff.b, name: "B", open: openIn({ ...ground, selection: against }, "") },
        ]
      : [{ ...whole, name: "", open: openIn(ground, "") }];
  const parts = (found?.by ?? []).map((part): Lane => ({ ...part, name: part.value ?? UNKNOWN, open: openIn(ground, partOf(part)) }));
  const openOthers = (level: number) => ask({ opened: [...new Set([...asked.opened, String(level)])] });
  const { direction } = whole;
  const tables = [
    ...lanes.map((lane) => (
      <div key={lane.name} className={answer.answer}>
        <StatesTable lane={lane} every={every} openOthers={diff ? null : openOthers} />
        <MovesTable lane={lane} every={every} />
      </div>
    )),
    ...parts.map((lane) => <StatesTable key={`part ${lane.name}`} lane={lane} every={every} openOthers={null} />),
  ];
  const first = lanes[0];
  return (
    <Room
      {...shared}
      headline={headline}
      stale={query.isPlaceholderData}
      csv={() => csvOf([...lanes, ...parts])}
      drawing={async () => (await import("@/stages/measure/paths/stream-picture.tsx")).streamDrawing(streamOf({ direction, ...(first ?? whole) }, counted))}
      body={
        <div className={answer.answer}>
          {look.view !== "table" && (
            <Suspense fallback={<LoadingState what="Drawing" />}>
              {lanes.map((lane) => (
                <div key={lane.name}>
                  {lane.name && <p className={answer.side}>{lane.name}</p>}
                  <Picture stream={streamOf({ direction, ...lane }, counted)} label={`Which ways ${owners.many} take: each column is one step further.`} note={noteOf(owners.many)} open={lane.open} openOthers={openOthers} />
                </div>
              ))}
            </Suspense>
          )}
          {diff && <DifferencesTable rows={differing(diff)} first="Where" />}
          {asked.opened.length > 0 && (
            <p className={answer.note}>
              Every step is shown {asked.opened.map((level) => placeOf(Number(level))).join(" and ")}.{" "}
              <button type="button" className={answer.link} onClick={() => ask({ opened: [] })}>
                Show the commonest only
              </button>
            </p>
          )}
          {tables}
        </div>
      }
    />
  );
}

function noteOf(many: string): string {
  return `A step that comes again stands again further on. Those who stop, and all rarer steps together, are drawn in grey. A click opens ${many}; on rarer steps it shows them one by one.`;
}

function differing(diff: PathsDiff): readonly Differing[] {
  const states = diff.nodes.map((one): Differing => ({ key: `${one.level} ${one.state} ${one.joins ?? ""}`, first: placeOf(one.level), what: one.state, share: one.share }));
  const moves = diff.links.map((one): Differing => ({ key: `${one.level} ${one.from} > ${one.to} ${one.from_joins ?? ""} ${one.to_joins ?? ""}`, first: placeOf(one.level), what: `${one.from} → ${one.to}`, share: one.share }));
  return [...states, ...moves];
}

function csvOf(lanes: readonly Lane[]): string {
  return toCsv(
    ["of", "level", "from", "to", "count", "share", "low", "high", "median_seconds"],
    lanes.flatMap(({ name, nodes, links }) => [
      ...nodes.map((node) => [name, node.level, node.state, null, node.count, node.share, node.interval?.[0] ?? null, node.interval?.[1] ?? null, null]),
      ...links.map((link) => [name, link.level, link.from, link.to, link.count, link.share, link.interval?.[0] ?? null, link.interval?.[1] ?? null, link.median_seconds ?? null]),
      ...nodes.flatMap((node) => node.stops.map((stop) => [name, node.level, node.state, `(${stop.kind})`, stop.count, stop.share, stop.interval?.[0] ?? null, stop.interval?.[1] ?? null, null])),
    ]),
  );
}
