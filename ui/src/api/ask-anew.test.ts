import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";
import { askAnew, keyed } from "@/api/ask-anew.ts";

/** A page that looks at a number; each time it is asked, the answer waits until it is let go. */
function watching(client: QueryClient) {
  const asked: ((answer: string) => void)[] = [];
  const page = new QueryObserver<string>(client, {
    queryKey: ["signs", "all"],
    queryFn: () => new Promise<string>((resolve) => asked.push(resolve)),
  });
  return { asked, page, leave: page.subscribe(() => undefined) };
}

test("a first answer that was on its way when the change was made does not stand", async () => {
  const client = new QueryClient();
  const { asked, page, leave } = watching(client);
  expect(asked).toHaveLength(1);
  const done = askAnew(client, keyed("picture", "signs"));
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  asked[1]?.("after");
  asked[0]?.("before");
  await done;
  expect(page.getCurrentResult().data).toBe("after");
  leave();
});

test("what the change is not about stays as it is", async () => {
  const client = new QueryClient();
  const { asked, leave } = watching(client);
  await askAnew(client, keyed("picture"));
  expect(asked).toHaveLength(1);
  leave();
});
