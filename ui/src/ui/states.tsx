/** What stands where numbers will stand: while they are worked out, when there are none, when it failed. */

import { Button, Code, CopyButton, Loader } from "@mantine/core";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import classes from "./states.module.css";
import { Worded } from "@/ui/worded.tsx";

/** What is said beside how long work takes already; it asks for that itself. */
export const SlowNote = createContext<ReactNode>(null);

/** Long work says what it does and for how long, and can be stopped. */
export function LoadingState({ what, onCancel }: { readonly what: string; readonly onCancel?: () => void }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((now) => now + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  const slow = useContext(SlowNote);
  return (
    <div className={classes.state} role="status">
      <Loader size="sm" type="dots" />
      <p className={classes.title}>{what}</p>
      {seconds >= 2 && (
        <div className={classes.text}>
          {slow}
          <p>{seconds} s so far</p>
        </div>
      )}
      {seconds >= 2 && onCancel && (
        <Button variant="default" size="xs" onClick={onCancel}>
          Cancel
        </Button>
      )}
    </div>
  );
}

interface EmptyProps {
  readonly title: string;
  readonly text: string;
  readonly command?: string;
  readonly action?: ReactNode;
}

/** An empty place says the next step, with a button. */
export function EmptyState({ title, text, command, action }: EmptyProps) {
  return (
    <div className={classes.state}>
      <h1 className={classes.title}>
        <Worded text={title} />
      </h1>
      <p className={classes.text}>
        <Worded text={text} />
      </p>
      {action}
      {command && (
        <div className={classes.command}>
          {action && <span>or</span>}
          <Code>{command}</Code>
          <CopyButton value={command}>
            {({ copied, copy }) => (
              <Button size="xs" variant={action ? "default" : "filled"} onClick={copy}>
                {copied ? "Copied" : "Copy the command"}
              </Button>
            )}
          </CopyButton>
        </div>
      )}
    </div>
  );
}

interface ErrorProps {
  readonly message: string;
  readonly hint: string;
  readonly code: string;
  readonly onRetry?: () => void;
  readonly action?: ReactNode;
}

/** An error says what happened, what is safe and what to do. */
export function ErrorState({ message, hint, code, onRetry, action }: ErrorProps) {
  return (
    <div className={classes.state} role="alert">
      <h1 className={classes.title}>{message}</h1>
      <p className={classes.text}>
        {hint} Nothing was changed. <span className={classes.code}>{code}</span>
      </p>
      <div className={classes.command}>
        {onRetry && (
          <Button variant="default" size="xs" onClick={onRetry}>
            Try again
          </Button>
        )}
        {action}
      </div>
    </div>
  );
}
