/** The lenses that exist, and picture or table. */

import { SegmentedControl } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import type { Lens, View } from "@/api/address.ts";
import classes from "./lens-switch.module.css";

const LENSES: readonly { readonly value: Lens; readonly label: string; readonly key: string }[] = [
  { value: "flow", label: "Flow", key: "1" },
  { value: "time", label: "Time", key: "2" },
  { value: "money", label: "Money", key: "3" },
];

interface LensSwitchProps {
  readonly lens: Lens;
  readonly onChange: (lens: Lens) => void;
}

export function LensSwitch({ lens, onChange }: LensSwitchProps) {
  useHotkeys(LENSES.map(({ value, key }) => [key, () => onChange(value)]));
  return (
    <SegmentedControl
      size="xs"
      aria-label="Lens"
      value={lens}
      data={LENSES.map(({ value, label }) => ({ value, label }))}
      onChange={(value) => onChange(LENSES.find((one) => one.value === value)?.value ?? "flow")}
      classNames={{ root: classes.root ?? "", label: classes.label ?? "" }}
    />
  );
}

interface ViewSwitchProps {
  readonly view: View;
  readonly picture: string;
  readonly onChange: (view: View) => void;
}

export function ViewSwitch({ view, picture, onChange }: ViewSwitchProps) {
  useHotkeys([["t", () => onChange(view === "table" ? "picture" : "table")]]);
  return (
    <SegmentedControl
      size="xs"
      aria-label="Picture or table"
      value={view}
      data={[
        { value: "picture", label: picture },
        { value: "table", label: "Table" },
      ]}
      onChange={(value) => onChange(value === "table" ? "table" : "picture")}
      classNames={{ root: classes.root ?? "", label: classes.label ?? "" }}
    />
  );
}
