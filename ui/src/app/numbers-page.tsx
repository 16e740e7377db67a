/** Two numbers held against each other, or one against what another system says. */

import { Button } from "@mantine/core";
import { Link, useSearchParams } from "wouter";
import { keep, type NumberAt } from "@/api/kept-number.ts";
import { Elsewhere } from "@/stages/measure/numbers/elsewhere.tsx";
import { WhyTheyDiffer } from "@/stages/measure/numbers/why-differ.tsx";
import { EmptyState } from "@/ui/states.tsx";
import classes from "./numbers-page.module.css";

export function NumbersPage() {
  const [params] = useSearchParams();
  const [a, b] = [numberAt(params, "a"), numberAt(params, "b")];
  if (!a)
    return (
      <EmptyState
        title="No number is chosen"
        text="Open the people behind a number of Explore: from there it can be held against another number, or against what another system says."
        action={
          <Button component={Link} href="/explore">
            Go to Explore
          </Button>
        }
      />
    );
  return (
    <div className={classes.page}>
      <dl className={classes.numbers}>
        <dt>{b ? "A" : "Ours"}</dt>
        <dd>
          <Question number={a} />
        </dd>
        {b && (
          <>
            <dt>B</dt>
            <dd>
              <Question number={b} />
            </dd>
          </>
        )}
      </dl>
      {b ? <WhyTheyDiffer a={a} b={b} /> : <Elsewhere number={a} />}
      <p className={classes.then}>
        <Button component={Link} href="/explore" size="xs" variant="default" onClick={() => keep(a)}>
          Hold {b ? "A" : "it"} against another number
        </Button>
      </p>
    </div>
  );
}

/** What the number counts, and the address at which commands and programs find it. */
function Question({ number }: { readonly number: NumberAt }) {
  return (
    <>
      <b>{number.title}</b>
      <code className={classes.address}>{said(number.address)}</code>
    </>
  );
}

function said(address: string): string {
  try {
    return decodeURIComponent(address.replaceAll("+", " "));
  } catch {
    return address;
  }
}

function numberAt(params: URLSearchParams, name: "a" | "b"): NumberAt | null {
  const address = params.get(name);
  return address ? { address, title: params.get(`${name}_title`) ?? address } : null;
}
