// The admin's end of the line to a frame.

/**
 * Answers what a frame asks: `services` maps names to functions. `origin` is where answers may go.
 * Returns `tell(name, …values)` and `end()`.
 */
export function connect(frame, services, origin = '*') {
  const post = (message) => frame.contentWindow?.postMessage({sandbox: true, ...message}, origin);

  async function answer({id, name, values}) {
    try {
      const value = await services[name]?.(...values);
      if (id) post({reply: id, value});
    } catch (error) {
      if (id) post({reply: id, error: error.message});
    }
  }

  const listen = ({source, data}) => {
    if (source === frame.contentWindow && data?.sandbox) answer(data);
  };
  addEventListener('message', listen);
  return {
    tell: (name, ...values) => post({name, values}),
    end: () => removeEventListener('message', listen),
  };
}
