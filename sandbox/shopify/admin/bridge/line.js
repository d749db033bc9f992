// The line between a frame and the admin around it. The admin is where this script came from.

const HOME = new URL(document.currentScript.src).origin;

const line = (() => {
  const waiting = new Map();
  const listeners = new Map();
  let count = 0;

  function settle({reply, value, error}) {
    const asked = waiting.get(reply);
    waiting.delete(reply);
    if (error) asked?.reject(new Error(error));
    else asked?.resolve(value);
  }

  addEventListener('message', ({source, origin, data}) => {
    if (source !== parent || origin !== HOME || !data?.sandbox) return;
    if (data.reply) settle(data);
    else listeners.get(data.name)?.(...data.values);
  });

  const post = (message) => parent.postMessage({sandbox: true, ...message}, HOME);

  return {
    /** Tells the admin something; nothing comes back. */
    tell(name, ...values) {
      post({name, values});
    },

    /** Asks the admin something; resolves with its answer, rejects with its sentence. */
    ask(name, ...values) {
      count += 1;
      const id = `ask-${count}`;
      return new Promise((resolve, reject) => {
        waiting.set(id, {resolve, reject});
        post({name, values, id});
      });
    },

    /** Hears what the admin tells. */
    on(name, listener) {
      listeners.set(name, listener);
    },
  };
})();
