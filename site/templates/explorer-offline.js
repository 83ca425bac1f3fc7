// Keeps the explorer's page and what it loads, for when there is no network.
const CACHE = 'explorer-{{ version }}';
const FILES = [
{%- for file in files %}
  '{{ file }}',
{%- endfor %}
];

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)));
});

// Older versions go only when no page of theirs is open any more: until then this worker waits.
self.addEventListener('activate', (event) => {
  const older = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith('explorer-') && name !== CACHE).map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(older());
});

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (event.request.mode === 'navigate') event.respondWith(page(event.request));
  else if (FILES.includes(url.pathname)) event.respondWith(file(event.request));
});

/** Pages are fetched anew whenever they can be, so that what they load is of their own version. */
async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}

/** Files never change under their name. */
async function file(request) {
  return (await caches.match(request, { ignoreSearch: true })) ?? fetch(request);
}
