/** Do next and Ignore without guilt side by side, as they stand on the first screen. */

import type { PeopleOf } from "@/api/people-of.ts";
import type { Price } from "@/api/types.ts";
import { DoNext } from "@/stages/value/do-next.tsx";
import { IgnoreList } from "@/stages/value/ignore-list.tsx";
import classes from "./lists.module.css";

export const SHOWN = 3;

interface ListsProps {
  readonly price: Price;
  readonly timezone: string;
  readonly openPeople: (of: PeopleOf) => void;
  readonly openStep: (id: string) => void;
}

export function Lists({ price, timezone, openPeople, openStep }: ListsProps) {
  return (
    <div className={classes.lists}>
      <DoNext price={price} timezone={timezone} limit={SHOWN} openPeople={openPeople} openStep={openStep} />
      <IgnoreList price={price} limit={SHOWN} openPeople={openPeople} />
    </div>
  );
}
