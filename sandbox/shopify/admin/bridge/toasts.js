// shopify.toast: the admin shows it; buttons and dismissals come back.

const toast = (() => {
  const shown = new Map();
  let count = 0;
  line.on('toastAction', (id) => shown.get(id)?.onAction?.());
  line.on('toastDismissed', (id) => {
    shown.get(id)?.onDismiss?.();
    shown.delete(id);
  });

  return {
    show(message, {duration = 5000, isError = false, action, onAction, onDismiss} = {}) {
      count += 1;
      const id = `toast-${count}`;
      shown.set(id, {onAction, onDismiss});
      line.tell('toast', {id, message: String(message), duration, isError, action});
      return id;
    },
    hide(id) {
      line.tell('hideToast', id);
    },
  };
})();
