/** Builds a funnel: its steps in order, the time they may take, what ends an attempt, and what is counted. */

import { Select } from "@mantine/core";
import { useExplore } from "@/api/explore.ts";
import type { Choices } from "@/api/types.ts";
import { BreakDown } from "@/stages/measure/break-down.tsx";
import { withoutStep } from "@/stages/measure/exclusion-words.ts";
import { COUNTED, countedOf, counting } from "@/stages/measure/funnel-counted.ts";
import { FunnelExclusions } from "@/stages/measure/funnel-exclusions.tsx";
import { FunnelSteps } from "@/stages/measure/funnel-steps.tsx";
import { SaveToMap } from "@/stages/measure/save-to-map.tsx";
import { StepPicker } from "@/stages/measure/step-picker.tsx";
import { bodyOf, leftOut } from "@/stages/measure/step-words.ts";
import classes from "./builder.module.css";

const WINDOWS = [
  { value: "", label: "any time" },
  { value: "30m", label: "30 minutes" },
  { value: "1d", label: "a day" },
  { value: "7d", label: "7 days" },
  { value: "14d", label: "14 days" },
  { value: "30d", label: "30 days" },
  { value: "90d", label: "90 days" },
];
const ORDERS = [
  { value: "", label: "in this order" },
  { value: "strict", label: "straight after each other" },
  { value: "any", label: "in any order" },
];
const TIMES = [
  { value: "", label: "of those who get there" },
  { value: "survival", label: "of everybody, as a curve" },
];

export function FunnelBuilder({ choices }: { readonly choices: Choices }) {
  const { asked, ask } = useExplore();
  const first = asked.step.length === 0;
  const order = asked.order ?? "";
  const remove = (k: number) => {
    const step = asked.step.filter((_, place) => place !== k).map((word, place) => (place === 0 ? leftOut(word, false) : word));
    ask({ step, exclude: withoutStep(asked.exclude, k + 1, asked.step.length) });
  };
  // What has no meaning in an order goes when the order is chosen.
  const inOrder = (chosen: string | null) =>
    ask({
      order: chosen,
      ...(chosen ? { exclude: [] } : {}),
      ...(chosen === "any" ? { step: asked.step.map((word) => leftOut(word, false)), step_within: null } : {}),
    });
  return (
    <div className={classes.builder}>
      {!first && <FunnelSteps choices={choices} words={asked.step} onChange={(step) => ask({ step })} onRemove={remove} />}
      <StepPicker
        key={asked.step.length}
        choices={choices}
        autoFocus={first}
        label={first ? "First step" : "Add a step"}
        placeholder={first ? "Type the name of an event or step" : "and then …"}
        onPick={(word) => ask({ step: [...asked.step, word] })}
      />
      {order === "" && <FunnelExclusions choices={choices} steps={asked.step} texts={asked.exclude} onChange={(exclude) => ask({ exclude })} />}
      <div className={classes.pair}>
        <Select size="xs" label="Taken" allowDeselect={false} data={ORDERS} value={order} onChange={inOrder} />
        <Select size="xs" label="Counted" allowDeselect={false} data={[...COUNTED]} value={countedOf(asked)} onChange={(value) => ask(counting(value ?? ""))} />
      </div>
      <div className={classes.pair}>
        <Window label="Within" value={asked.within} onChange={(within) => ask({ within })} />
        {order !== "any" && <Window label="Step to step within" value={asked.step_within} onChange={(step_within) => ask({ step_within })} />}
      </div>
      <Select size="xs" label="Time to a step" allowDeselect={false} data={TIMES} value={asked.times ?? ""} onChange={(times) => ask({ times })} />
      <BreakDown choices={choices} />
      {asked.step.length > 1 && <SaveToMap steps={asked.step.map(bodyOf)} />}
    </div>
  );
}

interface WindowProps {
  readonly label: string;
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}

function Window({ label, value, onChange }: WindowProps) {
  const known = !value || WINDOWS.some((one) => one.value === value);
  const windows = known ? WINDOWS : [...WINDOWS, { value, label: value }];
  return <Select size="xs" label={label} allowDeselect={false} data={windows} value={value ?? ""} onChange={onChange} />;
}
