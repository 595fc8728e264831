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
  return async ({ query, operationName, variables }, { headers } = {}) => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/graphql-response+json, application/json',
        ...(await filled(headers ?? {})),
      },
      body: JSON.stringify({ query, operationName, variables: await filled(variables ?? {}) }),
    });
    const answer = await response.json();
    remember(answer.data);
    return answer;
  };
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
