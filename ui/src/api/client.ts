/** One way to ask the server, and one shape of refusal. */

import { readFew } from "@/lib/few.ts";

export class ApiError extends Error {
  readonly code: string;
  readonly hint: string;
  readonly status: number;

  constructor(status: number, code: string, message: string, hint: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint;
  }
}

interface Refusal {
  readonly error: { readonly code: string; readonly message: string; readonly hint: string };
}

function isRefusal(body: unknown): body is Refusal {
  return typeof body === "object" && body !== null && "error" in body && typeof body.error === "object";
}

/** What the server said when it refused. */
export function refusal(status: number, body: unknown): ApiError {
  if (isRefusal(body)) return new ApiError(status, body.error.code, body.error.message, body.error.hint);
  return new ApiError(status, `HTTP_${status}`, "The server gave no answer that can be read.", "Look at its log, then try again.");
}

/** Ask for JSON; an answer of 4xx or 5xx is thrown as `ApiError`. */
export async function get<T>(path: string, query: URLSearchParams, signal?: AbortSignal): Promise<T> {
  const text = query.toString();
  return read<T>(await reach(text ? `${path}?${text}` : path, { ...(signal ? { signal } : {}) }));
}

/** Hand something in as JSON, and read what the server made of it. */
export async function send<T>(method: "POST" | "PUT" | "DELETE", path: string, body: unknown = {}): Promise<T> {
  return read<T>(await reach(path, { method, body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }));
}

async function read<T>(response: Response): Promise<T> {
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok || body === null) throw refusal(response.status, body);
  readFew(response.headers.get("X-Cells-Left-Out"), body);
  return body as T;
}

async function reach(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...request, headers: { Accept: "application/json", ...request.headers } });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, "NO_SERVER", "The server does not answer.", "Nothing is lost. Start it with: pathworth serve");
  }
}
