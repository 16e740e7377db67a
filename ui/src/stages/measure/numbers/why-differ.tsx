/** Why two numbers differ: what was put right one after the other, and whom only one of them counts. */

import { useAddress } from "@/api/address.ts";
import { useWhyDiffer } from "@/api/measure-queries.ts";
import type { WhyDiffer } from "@/api/types.ts";
import { count } from "@/lib/format.ts";
import type { NumberAt } from "@/api/kept-number.ts";
import { Headline } from "@/stages/atlas/headline.tsx";
import { stateOf } from "@/stages/measure/state-of.tsx";
import { type ColumnOf, DataTable } from "@/ui/data-table.tsx";
import { Figure } from "@/ui/figure.tsx";
import answer from "@/stages/measure/answer.module.css";

interface Pair {
  readonly a: NumberAt;
  readonly b: NumberAt;
}

export function WhyTheyDiffer({ a, b }: Pair) {
  const query = useWhyDiffer(a.address, b.address);
  const state = stateOf(query, "Putting one difference after the other right");
  if (state || !query.data) return state;
  return (
    <div className={answer.answer}>
      <Headline text={query.data.words} stale={false} />
      <Lists found={query.data} a={a} b={b} />
      <Changes found={query.data} />
    </div>
  );
}

/** Whom both count, and whom only one does; each opens its people. */
function Lists({ found, a, b }: Pair & { readonly found: WhyDiffer }) {
  const { see } = useAddress();
  const open = (cell: string, title: string) => {
    const query = new URLSearchParams({ a: a.address, b: b.address, cell });
    see({ people: { kind: "cell", word: "why_differ", query: query.toString(), title } });
  };
  const lists = [
    { cell: "only a", name: "Only A counts", people: found.only_a },
    { cell: "both", name: "Both count", people: found.both },
    { cell: "only b", name: "Only B counts", people: found.only_b },
  ];
  return (
    <dl className={answer.figures}>
      {lists.map(({ cell, name, people }) => (
        <div key={cell} className={answer.figure}>
          <dt>{name}</dt>
          <dd>
            <Figure meaning={{ what: `${name} these people.`, lines: ["A click opens them."] }} onOpen={people > 0 ? () => open(cell, `${name} these people`) : undefined}>
              {count(people)}
            </Figure>
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface Row {
  readonly what: string;
  readonly a: string;
  readonly b: string;
  readonly came: number | null;
  readonly went: number | null;
  readonly number: number;
}

function signed(people: number | null, sign: string): string {
  if (people === null) return "";
  return people === 0 ? "0" : `${sign}${count(people)}`;
}

function Changes({ found }: { readonly found: WhyDiffer }) {
  if (found.changes.length === 0) return null;
  const rows: readonly Row[] = [{ what: "A as it stands", a: "", b: "", came: null, went: null, number: found.a }, ...found.changes];
  const columns: readonly ColumnOf<Row>[] = [
    { name: "Put right", show: (row) => row.what },
    { name: "In A", show: (row) => row.a },
    { name: "In B", show: (row) => row.b },
    { name: "Come in", right: true, show: (row) => (signed(row.came, "+")) },
    { name: "Go out", right: true, show: (row) => (signed(row.went, "−")) },
    { name: "The number then", right: true, show: (row) => count(row.number) },
  ];
  return <DataTable caption="From A to B, one difference after the other; the last number is B" columns={columns} rows={rows} keyOf={(row) => row.what} />;
}
