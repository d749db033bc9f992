// The store's data, through the sandbox's control API.

import {facts} from './page.js';

async function ask(path, options) {
  const response = await fetch(`/sandbox/${facts.shop}${path}`, options);
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error ?? response.statusText);
  return body;
}

const post = (path, body = {}) => ask(path, {
  method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body),
});

/** The number a global id ends with. */
export const numberOf = (id) => id.split('/').pop();

export const shop = {
  orders: () => ask('/orders'),
  order: (number) => ask(`/orders/${number}`),
  create: (order) => post('/orders', order),
  act: (number, deed, body) => post(`/orders/${number}/${deed}`, body),
  products: () => ask('/products'),
  addProduct: (product) => post('/products', product),
  setSku: (number, sku) => post(`/products/${number}`, {sku}),
  locations: () => ask('/locations'),
  addLocation: (location) => post('/locations', location),
  changeLocation: (number, deed, body) => post(`/locations/${number}/${deed}`, body),
  install: () => post('/install'),
  idToken: async () => (await post('/id-token', {user: '1'})).token,
};
