namespace XenDriverDomain.Topology.Html;

/// <summary>
/// The script of the page: the filter, which a page without scripts does not show. It only hides and shows what is there, and reads
/// nothing but text.
/// </summary>
internal static class HtmlScript
{
    public const string Text =
        """

            'use strict';
            (() => {
              const box = document.getElementById('filter');
              const told = document.getElementById('told');
              const kinds = ['guest', 'domain', 'device', 'finding'];

              // What is one of a group is also found by what the whole group has in common.
              const items = Array.from(document.querySelectorAll('[data-item]'), (element) => {
                const group = element.parentElement.closest('[data-group]');
                const common = group ? Array.from(group.rows[0].cells).slice(1) : [];
                const text = [element, ...common].map((one) => one.textContent).join(' ').toLowerCase();
                return { element, text, kind: element.dataset.item };
              });
              const groups = Array.from(document.querySelectorAll('[data-group]'));
              const parts = [...groups, ...document.querySelectorAll('[data-part]')];
              const opened = new Set();

              const apply = () => {
                const words = box.value.toLowerCase().split(/\s+/).filter((word) => word !== '');
                for (const item of items) {
                  item.isShown = words.every((word) => item.text.includes(word));
                  item.element.classList.toggle('off', !item.isShown);
                }
                for (const part of parts) {
                  part.classList.toggle('off', part.querySelector('[data-item]:not(.off)') === null);
                }

                // A group of which only some are meant shows them.
                for (const group of groups) {
                  const details = group.querySelector('details');
                  const isPart = group.querySelector('.off') !== null;
                  if (isPart ? !details.open : false) {
                    details.open = true;
                    opened.add(details);
                  }
                  if (!isPart ? opened.delete(details) : false) {
                    details.open = false;
                  }
                }

                const counts = kinds.map((kind) => {
                  const all = items.filter((item) => item.kind === kind);
                  const shown = all.filter((item) => item.isShown).length;
                  const noun = all.length === 1 ? kind : `${kind}s`;
                  return { all: all.length, text: words.length === 0 ? `${all.length} ${noun}` : `${shown} of ${all.length} ${noun}` };
                });
                const text = counts.filter((count) => count.all !== 0).map((count) => count.text).join(', ');
                told.textContent = words.length === 0 ? `${text}.` : `Shows ${text}.`;
              };

              box.addEventListener('input', apply);
              document.getElementById('bar').hidden = false;
              apply();
            })();

        """;
}
