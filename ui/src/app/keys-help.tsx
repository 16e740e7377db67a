/** The keys, and whose work the pictures stand on. */

import { Kbd, Modal } from "@mantine/core";
import classes from "./keys-help.module.css";
import { Worded } from "@/ui/worded.tsx";

const KEYS: readonly (readonly [readonly string[], string])[] = [
  [["1"], "Lens Flow: people"],
  [["2"], "Lens Time: how long it takes"],
  [["3"], "Lens Money: what a point is worth"],
  [["T"], "Picture or table"],
  [["Ctrl", "K"], "Find a page, step or person"],
  [["?"], "These keys"],
  [["Esc"], "Close what is open"],
  [["Tab"], "From step to arrow to step, in the order of the flow"],
];

export function KeysHelp({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  return (
    <Modal.Root opened={opened} onClose={onClose}>
      <Modal.Overlay />
      <Modal.Content>
        <div className={classes.head}>
          <Modal.Title className={classes.title ?? ""}>Keys</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </div>
        <Modal.Body>
          <Keys />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function Keys() {
  return (
    <>
      <dl className={classes.keys}>
        {KEYS.map(([keys, what]) => (
          <div key={what} className={classes.row}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>
              <Worded text={what} />
            </dd>
          </div>
        ))}
      </dl>
      <p className={classes.thanks}>Drawn with React Flow, Apache ECharts and Mantine; set in Inter.</p>
    </>
  );
}
