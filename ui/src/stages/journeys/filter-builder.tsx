/** Builds one filter: which people, or which events, by column, comparison and value, or written as text. */

import { Anchor, Autocomplete, Button, Select, SegmentedControl, Stack } from "@mantine/core";
import { useState } from "react";
import { useColumns } from "@/api/queries.ts";
import type { Column } from "@/api/types.ts";
import { count } from "@/lib/format.ts";
import { type Clause, clauseText, needsValue, type Operator, OPERATOR_WORDS, OPERATORS } from "@/lib/predicate.ts";
import { FilterText } from "@/stages/journeys/filter-text.tsx";
import { Failed } from "@/stages/journeys/people-drawer.tsx";
import { LoadingState } from "@/ui/states.tsx";

export type Keeps = "who" | "where";

interface FilterBuilderProps {
  readonly onAdd: (keeps: Keeps, predicate: string) => void;
}

export function FilterBuilder({ onAdd }: FilterBuilderProps) {
  const [keeps, setKeeps] = useState<Keeps>("who");
  const [written, setWritten] = useState(false);
  const add = (predicate: string) => onAdd(keeps, predicate);
  return (
    <Stack gap="xs">
      <SegmentedControl
        size="xs"
        aria-label="What the filter keeps"
        value={keeps}
        onChange={(value) => setKeeps(value === "where" ? "where" : "who")}
        data={[
          { value: "who", label: "Keep people" },
          { value: "where", label: "Keep events" },
        ]}
      />
      {written ? <FilterText keeps={keeps} onAdd={add} /> : <Chosen onAdd={add} />}
      <Anchor component="button" type="button" size="xs" onClick={() => setWritten(!written)}>
        {written ? "Choose from the columns" : "Write it as text"}
      </Anchor>
    </Stack>
  );
}

interface ChosenProps {
  readonly onAdd: (predicate: string) => void;
}

function Chosen({ onAdd }: ChosenProps) {
  const columns = useColumns(true);
  if (columns.isPending) return <LoadingState what="Reading the columns" />;
  if (columns.isError) return <Failed error={columns.error} retry={() => void columns.refetch()} />;
  return <Builder columns={columns.data} onAdd={onAdd} />;
}

function Builder({ columns, onAdd }: ChosenProps & { readonly columns: readonly Column[] }) {
  const [clause, setClause] = useState<Clause>({ column: "", operator: "=", value: "" });
  const column = columns.find((one) => one.name === clause.column);
  const ready = column !== undefined && (!needsValue(clause.operator) || clause.value !== "");
  const add = () => {
    if (ready) onAdd(clauseText(clause, column.kind));
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <Stack gap="xs">
        <Select
          label="Column"
          size="xs"
          searchable
          comboboxProps={{ withinPortal: false }}
          data={columns.map(({ name, built }) => ({ value: name, label: built ? name : `${name} (read when first asked)` }))}
          value={clause.column || null}
          onChange={(value) => setClause({ ...clause, column: value ?? "", value: "" })}
          nothingFoundMessage="No such column"
        />
        <Select
          label="Comparison"
          size="xs"
          allowDeselect={false}
          comboboxProps={{ withinPortal: false }}
          data={operatorsFor(column).map((one) => ({ value: one, label: OPERATOR_WORDS[one] }))}
          value={clause.operator}
          onChange={(value) => setClause({ ...clause, operator: OPERATORS.find((one) => one === value) ?? "=" })}
        />
        {needsValue(clause.operator) && (
          <Autocomplete
            label="Value"
            size="xs"
            comboboxProps={{ withinPortal: false }}
            data={column?.values.map((one) => one.value) ?? []}
            renderOption={({ option }) => <Value column={column} value={option.value} />}
            value={clause.value}
            onChange={(value) => setClause({ ...clause, value })}
          />
        )}
        <Button type="submit" size="xs" disabled={!ready}>
          Add the filter
        </Button>
      </Stack>
    </form>
  );
}

function operatorsFor(column: Column | undefined): readonly Operator[] {
  const ordered = column?.kind === "number" || column?.kind === "money" || column?.kind === "time";
  return OPERATORS.filter((one) => ordered || (one !== ">=" && one !== "<="));
}

function Value({ column, value }: { readonly column: Column | undefined; readonly value: string }) {
  const seen = column?.values.find((one) => one.value === value)?.count;
  return (
    <span style={{ display: "flex", justifyContent: "space-between", width: "100%", gap: 12 }}>
      <span>{value}</span>
      {seen !== undefined && <span style={{ color: "var(--ink-soft)" }}>{count(seen)}</span>}
    </span>
  );
}
