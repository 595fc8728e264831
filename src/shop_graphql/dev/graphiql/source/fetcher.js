import { getOperationAST, parse } from 'graphql';

// Sends an operation, after its {{references}} have been filled in:
//   {{new}}                 a fresh UUID, as idempotency keys want
//   {{ada}}, {{mara}}       an access token of that demo person
//   {{cartCreate.cart.id}}  what the latest answer held at that path; numbers count list elements from 0
const REFERENCE = /\{\{\s*([\w.]+)\s*\}\}/g;
const WHOLE_REFERENCE = /^\{\{\s*([\w.]+)\s*\}\}$/;
const MEMORY = 'shop:answers';
const RENEW_MILLISECONDS = 60_000;

const tokens = new Map();

export function createFetcher(endpoint) {
  return async (given, { headers } = {}) => {
    const operation = selected(given);
    if (operation.isSubscription) return subscribed(endpoint, operation, headers);
    const response = await asked(endpoint, operation, headers, 'application/graphql-response+json, application/json');
    const answer = await response.json();
    remember(answer.data);
    return answer;
  };
}

async function asked(endpoint, { query, operationName, variables }, headers, accept, signal) {
  return fetch(endpoint, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: accept,
      ...(await filled(headers ?? {})),
    },
    body: JSON.stringify({ query, operationName, variables: await filled(variables ?? {}) }),
    signal,
  });
}

// GraphiQL learns an operation's name a moment after its tab was chosen: whoever is quicker sends the name of the one
// before, which the only operation of a document does not need. What cannot be parsed is for the server to judge.
function selected(given) {
  let document;
  try {
    document = parse(given.query);
  } catch {
    return given;
  }
  const named = getOperationAST(document, given.operationName);
  const found = named ?? getOperationAST(document);
  return {
    ...given,
    operationName: named ? given.operationName : found?.name?.value,
    isSubscription: found?.operation === 'subscription',
  };
}

// An iterator as GraphiQL wants it: its square button calls `return`, which hangs up at once, also while waiting.
function subscribed(endpoint, operation, headers) {
  const hangUp = new AbortController();
  const results = resultsOf(endpoint, operation, headers, hangUp.signal);
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => results.next(),
    async return() {
      hangUp.abort();
      return { done: true, value: undefined };
    },
  };
}

async function* resultsOf(endpoint, operation, headers, signal) {
  try {
    const accept = 'text/event-stream, application/graphql-response+json;q=0.9';
    const response = await asked(endpoint, operation, headers, accept, signal);
    if (!response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
      yield await response.json();
      return;
    }
    for await (const { event, data } of eventsOf(response.body)) {
      if (event === 'complete') return;
      const result = JSON.parse(data);
      remember(result.data);
      yield result;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

// Server-sent events as this server writes them: LF alone ends lines, each event has one line of data.
async function* eventsOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (text + value).split('\n\n');
    text = blocks.pop();
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: ?(.*)/s, 2)));
      if (fields.event) yield fields;
    }
  }
}

async function filled(value) {
  if (typeof value === 'string') {
    const whole = WHOLE_REFERENCE.exec(value);
    if (whole) return resolved(whole[1]);
    const found = await Promise.all([...value.matchAll(REFERENCE)].map(([, path]) => resolved(path)));
    return value.replace(REFERENCE, () => found.shift());
  }
  if (Array.isArray(value)) return Promise.all(value.map(filled));
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).map(async ([name, part]) => [name, await filled(part)]);
    return Object.fromEntries(await Promise.all(entries));
  }
  return value;
}

async function resolved(path) {
  if (path === 'new') return crypto.randomUUID();
  if (!path.includes('.')) return token(path);
  const value = path.split('.').reduce((part, name) => part?.[name], answers());
  if (value === undefined || value === null) {
    const [field] = path.split('.');
    throw new Error(`{{${path}}} is not known yet: run the tab with \`${field}\` first.`);
  }
  return value;
}

async function token(who) {
  const known = tokens.get(who);
  if (known && Date.parse(known.expiresAt) - Date.now() > RENEW_MILLISECONDS) return known.accessToken;
  const response = await fetch(`/graphiql/tokens/${who}`, { method: 'POST' });
  if (!response.ok) throw new Error(`{{${who}}} is nobody of the demo shop.`);
  tokens.set(who, await response.json());
  return tokens.get(who).accessToken;
}

function answers() {
  return JSON.parse(sessionStorage.getItem(MEMORY) ?? '{}');
}

// A tab that is reloaded in the middle of a purchase goes on with it.
function remember(data) {
  const fields = Object.entries(data ?? {}).filter(([name, value]) => value !== null && !name.startsWith('__'));
  if (fields.length) sessionStorage.setItem(MEMORY, JSON.stringify({ ...answers(), ...Object.fromEntries(fields) }));
}
