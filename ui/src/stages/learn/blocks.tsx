/** The three blocks of every read-out: what people said or did in protest, what they used, what money moved. */

import type { ReactNode } from "react";
import type { ReadOut, Shares } from "@/api/types.ts";
import { count, likely, money, percent } from "@/lib/format.ts";
import { points } from "@/stages/learn/words.ts";
import { Figure } from "@/ui/figure.tsx";
import classes from "./reading.module.css";
import { Worded } from "@/ui/worded.tsx";

export function Blocks({ reading, horizon, protest }: { readonly reading: ReadOut; readonly horizon: string; readonly protest: boolean }) {
  return (
    <div className={classes.blocks}>
      <section aria-labelledby="said">
        <h2 id="said">
          <Worded text="What they said or did in protest" />
        </h2>
        {reading.said.length === 0 ? (
          <p className={classes.soft}>{protest ? "Nobody protested in either arm." : "No protest is declared, so none is counted."}</p>
        ) : (
          <Rows rows={reading.said} horizon={horizon} />
        )}
        {(protest || reading.said.length > 0) && <p className={classes.soft}>{reading.guardrail.sentence}</p>}
      </section>
      <section aria-labelledby="used">
        <h2 id="used">What they used</h2>
        <Rows rows={reading.used} horizon={horizon} />
      </section>
      <section aria-labelledby="moved">
        <h2 id="moved">What money moved</h2>
        <MoneyRows reading={reading} horizon={horizon} />
      </section>
    </div>
  );
}

function Rows({ rows, horizon }: { readonly rows: readonly Shares[]; readonly horizon: string }) {
  return (
    <Arms horizon={horizon} between={<Worded text="points" />}>
      {rows.map((row) => (
        <tr key={row.name}>
          <th scope="row">{row.name}</th>
          <td>
            <Arm arm={row.treated} name={row.name} />
          </td>
          <td>
            <Arm arm={row.held_out} name={row.name} />
          </td>
          <td>
            {points(row.difference)}
            <span className={classes.likely}>{row.interval ? likely(row.interval, points) : "too few to say"}</span>
          </td>
        </tr>
      ))}
    </Arms>
  );
}

/** What both arms did, beside each other, and what is between them. */
function Arms({ horizon, between, children }: { readonly horizon: string; readonly between: ReactNode; readonly children: ReactNode }) {
  return (
    <table className={classes.arms}>
      <thead>
        <tr>
          <th scope="col">within {horizon}</th>
          <th scope="col">
            <Worded text="treated" />
          </th>
          <th scope="col">
            <Worded text="held out" />
          </th>
          <th scope="col">{between}</th>
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

function Arm({ arm, name }: { readonly arm: Shares["treated"]; readonly name: string }) {
  const share = arm.of ? arm.did / arm.of : 0;
  return <Figure meaning={{ what: `${count(arm.did)} of ${count(arm.of)}`, lines: [`${name}, at least once after the first occasion.`] }}>{percent(share)}</Figure>;
}

function MoneyRows({ reading, horizon }: { readonly reading: ReadOut; readonly horizon: string }) {
  const { money: moved } = reading;
  const amount = (value: number) => money(value, moved.currency);
  return (
    <>
      <Arms horizon={horizon} between="difference">
        <tr>
          <th scope="row">
            <Worded text="Net money of each" />
          </th>
          <td>{amount(moved.treated)}</td>
          <td>{amount(moved.held_out)}</td>
          <td>
            {amount(moved.difference)}
            <span className={classes.likely}>{moved.interval ? likely(moved.interval, amount) : ""}</span>
          </td>
        </tr>
      </Arms>
      {moved.why && <p className={classes.soft}>{moved.why}</p>}
    </>
  );
}
