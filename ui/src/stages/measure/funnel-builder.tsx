/** Builds a funnel: its steps in order, the time they may take, what ends an attempt, and what is counted. */

import { Select } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useState } from "react";
import { useExplore } from "@/api/explore.ts";
import type { Choices } from "@/api/types.ts";
import { BreakDown } from "@/stages/measure/break-down.tsx";
import { fitted, withoutStep } from "@/stages/measure/exclusion-words.ts";
import { FunnelExclusions } from "@/stages/measure/funnel-exclusions.tsx";
import { FunnelSteps } from "@/stages/measure/funnel-steps.tsx";
import { FunnelUnits } from "@/stages/measure/funnel-units.tsx";
import { SaveToMap } from "@/stages/measure/save-to-map.tsx";
import { StepPicker } from "@/stages/measure/step-picker.tsx";
import { bodyOf, leftOut } from "@/stages/measure/step-words.ts";
import { TimeSelect } from "@/stages/measure/time-select.tsx";
import { WhosePicker } from "@/stages/measure/whose-picker.tsx";
import classes from "./builder.module.css";

const WINDOWS = ["30m", "1d", "7d", "14d", "30d", "90d"];
const ORDERS = [
  { value: "", label: "in this order" },
  { value: "strict", label: "nothing in between" },
  { value: "any", label: "in any order" },
];
const TIMES = [
  { value: "", label: "of who gets there" },
  { value: "survival", label: "of all, as a curve" },
];

const NARROW = "(max-width: 900px)";

export function FunnelBuilder({ choices }: { readonly choices: Choices }) {
  const { asked, ask } = useExplore();
  const narrow = useMediaQuery(NARROW, false, { getInitialValueInEffect: false });
  const [naming, setNaming] = useState(false);
  const first = asked.step.length === 0;
  const inOrder = (asked.order ?? "") === "";
  const put = (words: readonly string[], exclude: readonly string[] = asked.exclude) => {
    // The first step must be taken.
    const step = words.map((word, place) => (place === 0 ? leftOut(word, false) : word));
    ask({ step, exclude: fitted(exclude, step) });
  };
  return (
    <div className={classes.builder}>
      {!first && <FunnelSteps choices={choices} words={asked.step} onChange={put} onRemove={(k) => put(asked.step.toSpliced(k, 1), withoutStep(asked.exclude, k + 1, asked.step.length))} />}
      <StepPicker
        key={asked.step.length}
        choices={choices}
        autoFocus={first || naming}
        label={first ? "First step" : "Add a step"}
        placeholder={first ? "Type the name of an event or step" : "and then …"}
        onPick={(word) => {
          // The next step is named at the same place.
          setNaming(true);
          ask({ step: [...asked.step, word] });
        }}
      />
      {inOrder && <FunnelExclusions choices={choices} steps={asked.step} texts={asked.exclude} onChange={(exclude) => ask({ exclude })} />}
      {narrow ? (
        <details className={classes.how}>
          <summary>How it is counted</summary>
          <How choices={choices} />
        </details>
      ) : (
        <How choices={choices} />
      )}
      {asked.step.length > 1 && <SaveToMap steps={asked.step.map(bodyOf)} />}
    </div>
  );
}

/** Order, times, units and breakdown; on a phone the answer comes before them. */
function How({ choices }: { readonly choices: Choices }) {
  const { asked, ask } = useExplore();
  const order = asked.order ?? "";
  // What has no meaning in an order goes when the order is chosen.
  const inOrder = (chosen: string | null) =>
    ask({
      order: chosen,
      ...(chosen ? { exclude: [] } : {}),
      ...(chosen === "any" ? { step: asked.step.map((word) => leftOut(word, false)), step_within: null } : {}),
    });
  return (
    <div className={classes.builder}>
      <div className={classes.pair}>
        <TimeSelect label="Within" none="any time" times={WINDOWS} value={asked.within ?? ""} onChange={(within) => ask({ within })} />
        {order !== "any" && <TimeSelect label="Step to step within" none="any time" times={WINDOWS} value={asked.step_within ?? ""} onChange={(step_within) => ask({ step_within })} />}
      </div>
      <div className={classes.pair}>
        <Select size="xs" label="Taken" allowDeselect={false} data={ORDERS} value={order} onChange={inOrder} />
        <Select size="xs" label="Time to a step" allowDeselect={false} data={TIMES} value={asked.times ?? ""} onChange={(times) => ask({ times })} />
      </div>
      <WhosePicker />
      <FunnelUnits choices={choices} />
      <BreakDown choices={choices} />
    </div>
  );
}
