/** The drawers that any page may open through the address: people behind a number, and one person. */

import { useAddress } from "@/api/address.ts";
import type { PeopleOf } from "@/api/people-of.ts";
import { usePicture, useWorkspace } from "@/api/queries.ts";
import { namesOf } from "@/charts/download.ts";
import type { NumberAt } from "@/api/kept-number.ts";
import { PeopleDrawer, titleOf } from "@/stages/journeys/people-drawer.tsx";
import { PersonDrawer } from "@/stages/journeys/person-drawer.tsx";
import { NumberActions } from "@/stages/measure/numbers/number-actions.tsx";

export function Drawers() {
  const { look } = useAddress();
  return look.people || look.person ? <Open /> : null;
}

function Open() {
  const { selection, look, see } = useAddress();
  const picture = usePicture(selection);
  const workspace = useWorkspace();
  const name = picture.data ? namesOf(picture.data.document) : (id: string) => id;
  const timezone = workspace.data?.timezone ?? "UTC";
  if (look.person)
    return (
      <PersonDrawer
        id={look.person}
        timezone={timezone}
        currency={workspace.data?.currency ?? ""}
        onBack={look.people ? () => see({ person: null }) : null}
        onClose={() => see({ person: null, people: null })}
      />
    );
  if (!look.people) return null;
  const number = numberOf(look.people, titleOf(look.people, name));
  return (
    <PeopleDrawer
      of={look.people}
      selection={selection}
      timezone={timezone}
      name={name}
      openPerson={(person) => see({ person })}
      onClose={() => see({ people: null })}
      actions={number && <NumberActions number={number} />}
    />
  );
}

/** The number whose people are listed, when it can be held against others; lists of a difference are none. */
function numberOf(of: PeopleOf, title: string): NumberAt | null {
  return of.kind === "cell" && of.word !== "why_differ" ? { address: `${of.word}?${of.query}`, title } : null;
}
