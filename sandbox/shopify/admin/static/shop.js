// The store's data, through the sandbox's control API.

import {facts} from './page.js';

async function ask(path, options) {
  const response = await fetch(`/sandbox/${facts.shop}${path}`, options);
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error ?? response.statusText);
  return body;
}

const json = (body) => ({headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});
const post = (path, body = {}) => ask(path, {method: 'POST', ...json(body)});

/** The number a global id ends with. */
export const numberOf = (id) => id.split('/').pop();

export const shop = {
  orders: () => ask('/orders'),
  order: (number) => ask(`/orders/${number}`),
  create: (order) => post('/orders', order),
  act: (number, deed, body) => post(`/orders/${number}/${deed}`, body),
  products: (words = '') => ask(`/products?limit=200&query=${encodeURIComponent(words)}`),
  addProduct: (product) => post('/products', product),
  setSku: (number, sku) => post(`/products/${number}`, {sku}),
  levels: (words, place, limit) => ask(`/inventory?${new URLSearchParams({query: words, ...(place && {location: place}), limit})}`),
  setLevel: (level) => ask('/inventory', {method: 'PUT', ...json({levels: [level]})}),
  returns: () => ask('/returns'),
  openReturn: (body) => post('/returns', body),
  actOnReturn: (number, deed, body) => post(`/returns/${number}/${deed}`, body),
  locations: () => ask('/locations'),
  addLocation: (location) => post('/locations', location),
  changeLocation: (number, deed, body) => post(`/locations/${number}/${deed}`, body),
  install: () => post('/install'),
  scopes: () => ask('/scopes'),
  changeScopes: (change) => post('/scopes', change),
  idToken: async () => (await post('/id-token', {user: '1'})).token,
};
