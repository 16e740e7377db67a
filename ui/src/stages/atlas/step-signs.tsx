/** The signs of a step: how many of its people did each, which never came, and the form that declares one. */

import { Button } from "@mantine/core";
import { useState } from "react";
import { useMay } from "@/api/login-queries.ts";
import { useKeepMap } from "@/api/measure-queries.ts";
import type { MapDocument, MapStep, Sign, SignCount } from "@/api/types.ts";
import { count, percent } from "@/lib/format.ts";
import { useAtlas } from "@/stages/atlas/atlas-context.ts";
import { Section } from "@/stages/atlas/facts.tsx";
import { SignForm } from "@/stages/atlas/sign-form.tsx";
import { useMapSigns } from "@/stages/atlas/use-signs.ts";
import { Figure } from "@/ui/figure.tsx";
import { Refusal } from "@/ui/refusal.tsx";
import classes from "./step-signs.module.css";

export function StepSigns({ step }: { readonly step: MapStep }) {
  const { picture } = useAtlas();
  const may = useMay("editor");
  const counts = useMapSigns();
  const keep = useKeepMap();
  const [before, setBefore] = useState<MapDocument | null>(null);
  const [adding, setAdding] = useState(false);
  const say = (document: MapDocument, then: () => void) => keep.mutate({ document, onto: picture.price.revision, author: "" }, { onSuccess: then });
  const change = (signs: readonly Sign[]) => {
    const { document } = picture;
    say({ ...document, steps: document.steps.map((one) => (one.id === step.id ? { ...one, signs } : one)) }, () => {
      setBefore(document);
      setAdding(false);
    });
  };
  if (step.signs.length === 0 && !may) return null;
  return (
    <Section title="Signs of progress">
      {step.signs.length === 0 && !adding && <p className={classes.quiet}>A small event that tells of progress here, long before there is money.</p>}
      <ul className={classes.list}>
        {step.signs.map((sign) => (
          <li key={sign.name} className={classes.row}>
            <span>
              {sign.name}
              <code className={classes.rule}>{sign.rule}</code>
            </span>
            <span className={classes.right}>
              <Counted found={counts.data?.find((one) => one.step === step.id && one.name === sign.name)} />
              {may && (
                <Button size="compact-xs" variant="default" disabled={keep.isPending} aria-label={`Take ${sign.name} away`} onClick={() => change(step.signs.filter((one) => one !== sign))}>
                  Take away
                </Button>
              )}
            </span>
          </li>
        ))}
      </ul>
      {keep.isError && <Refusal error={keep.error} />}
      {adding && <SignForm taken={step.signs} pending={keep.isPending} onAdd={(sign) => change([...step.signs, sign])} onClose={() => setAdding(false)} />}
      {may && !adding && (
        <div className={classes.acts}>
          <Button size="compact-sm" variant="light" onClick={() => setAdding(true)}>
            Declare a sign
          </Button>
          {before && (
            <Button size="compact-sm" variant="default" loading={keep.isPending} onClick={() => say(before, () => setBefore(null))}>
              Undo
            </Button>
          )}
        </div>
      )}
    </Section>
  );
}

function Counted({ found }: { readonly found: SignCount | undefined }) {
  const { openPeople } = useAtlas();
  if (!found) return null;
  if (found.events === 0)
    return (
      <span className={classes.quiet} title="Nothing has sent it yet; it stands in the tracking plan.">
        <span aria-hidden="true">{"\u25cc"}</span> never came
      </span>
    );
  const meaning = { what: "People of this step who did it in the period, from their first visit here on.", lines: [`${count(found.people)} of ${count(found.of)} people.`] };
  return (
    <span data-part="sign">
      <Figure meaning={meaning} onOpen={() => openPeople({ kind: "sign", step: found.step, sign: found.name })}>
        {count(found.people)}
      </Figure>
      {found.of > 0 && <span className={classes.quiet}> · {percent(found.people / found.of)}</span>}
    </span>
  );
}
