/** One way to ask the server, and one shape of refusal. */

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

function refusal(status: number, body: unknown): ApiError {
  if (isRefusal(body)) return new ApiError(status, body.error.code, body.error.message, body.error.hint);
  return new ApiError(status, `HTTP_${status}`, "The server gave no answer that can be read.", "Look at its log, then try again.");
}

/** Ask for JSON; an answer of 4xx or 5xx is thrown as `ApiError`. */
export async function get<T>(path: string, query: URLSearchParams, signal?: AbortSignal): Promise<T> {
  const text = query.toString();
  const response = await reach(text ? `${path}?${text}` : path, signal);
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok || body === null) throw refusal(response.status, body);
  return body as T;
}

async function reach(url: string, signal?: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { headers: { Accept: "application/json" }, ...(signal ? { signal } : {}) });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, "NO_SERVER", "The server does not answer.", "Nothing is lost. Start it with: pathworth serve");
  }
}
