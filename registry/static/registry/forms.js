'use strict';
// Lists to choose from take the name of their field, links to errors lead into them, rows without a number show
// which one they will get and can be cited at once, and inputs that the chosen scope has no use for step aside.
// Without this file the pages work the same; only their names for screen readers are poorer.
{
    const $ = django.jQuery;

    function label(select) {
        return select.id && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    }

    function words(select) {
        return label(select)?.textContent.trim().replace(/:$/, '') ?? '';
    }

    function name(select) {
        const box = select.nextElementSibling?.querySelector('.select2-selection');
        const title = label(select);
        if (!box || !title) {
            return;
        }
        title.id = `${select.id}_label`;
        const chosen = box.querySelector('.select2-selection__rendered');
        box.setAttribute('aria-labelledby', select.multiple || !chosen ? title.id : `${title.id} ${chosen.id}`);
        // What is chosen is the box's own text, not a second input without a name.
        chosen?.removeAttribute('role');
        chosen?.removeAttribute('aria-readonly');
        for (const part of ['aria-describedby', 'aria-invalid', 'aria-required']) {
            if (select.hasAttribute(part)) {
                box.setAttribute(part, select.getAttribute(part));
            }
        }
        // Pressed by the mouse alone (keys have Backspace), and no member of the list it stands in.
        box.querySelector('.select2-selection__clear')?.setAttribute('aria-hidden', 'true');
        for (const search of box.querySelectorAll('.select2-search__field')) {
            search.setAttribute('aria-label', words(select));
        }
    }

    function nameAll(part) {
        part.querySelectorAll('select.select2-hidden-accessible').forEach(name);
    }

    // As the server will: a row without a number gets the next one.
    function number() {
        for (const group of document.querySelectorAll('.js-inline-admin-formset')) {
            const inputs = [...group.querySelectorAll('input[data-next-number]')]
                .filter((input) => !input.name.includes('__prefix__'));
            let last = Math.max(0, ...inputs.map((input) => Number.parseInt(input.value, 10) || 0));
            for (const input of inputs) {
                input.placeholder = input.value ? '' : (last += 1);
            }
        }
    }

    // What a row holds that is typed here, short: its choices and its texts in their order.
    function inWords(row) {
        const said = [];
        for (const input of row.querySelectorAll('select, input[type=text], input[type=number], textarea')) {
            const text = input.matches('select')
                ? [...input.selectedOptions].filter((one) => one.value).map((one) => one.text).join(', ')
                : input.value;
            if (text.trim() && !input.matches('[data-next-number]')) {
                said.push(text.trim().slice(0, 60));
            }
        }
        return said.slice(0, 5).join(' · ') || 'dòng mới';
    }

    // A row just typed can be cited at once. What a saved row says the server has said.
    function offerRows() {
        const typed = new Map();
        for (const select of document.querySelectorAll('select[data-rows-of]')) {
            const prefix = select.dataset.rowsOf;
            if (!typed.has(prefix)) {
                typed.set(prefix, new Map([...document.querySelectorAll(`#${prefix}-group [data-next-number]`)]
                    .filter((input) => !input.name.includes('__prefix__'))
                    .map((input) => [input, input.closest('.inline-related[id], .form-row[id]')])
                    .filter(([, row]) => row && !row.querySelector('input[name$="-id"]')?.value)
                    .map(([input, row]) => [input.value.trim() || input.placeholder, inWords(row)])));
            }
            const rows = typed.get(prefix);
            for (const option of [...select.options]) {
                if (option.dataset.typed && !rows.has(option.value) && !option.selected) {
                    option.remove();
                }
            }
            for (const [number, said] of rows) {
                let option = [...select.options].find((one) => one.value === number);
                if (!option) {
                    option = select.appendChild(new Option('', number));
                }
                option.dataset.typed = 'yes';
                option.text = `${number} – ${said}`;
            }
        }
    }

    const USED_BY = {cluster_list: 'clusters', zone_list: 'zones', investor: 'investor', project: 'project'};

    // What holds something stays: nobody should have to look for what the server refuses.
    function scope(select) {
        for (const [field, used] of Object.entries(USED_BY)) {
            for (const row of select.closest('.inline-related').querySelectorAll(`.form-row.field-${field}`)) {
                const held = [...row.querySelectorAll('select')].some((input) => input.value);
                row.classList.toggle('hidden', select.value !== used && !held && !row.querySelector('.errorlist'));
            }
        }
    }

    function scopeAll(part) {
        part.querySelectorAll('select[data-scope]').forEach(scope);
    }

    document.addEventListener('change', (event) => {
        const within = event.target.closest('.inline-related');
        if (within) {
            scopeAll(within);
        }
        if (!event.target.matches('[data-rows-of]')) {
            offerRows();
        }
    });
    // Choices made in lists that are found by typing tell only jQuery.
    $(document).on('select2:select select2:unselect', offerRows);
    // Their boxes are drawn anew with each choice.
    $(document).on('select2:select select2:unselect select2:clear', (event) => name(event.target));
    // Django's two lists side by side say what their search is for on a sign that has no role.
    window.addEventListener('load', () => {
        document.querySelectorAll('.search-label-icon').forEach((sign) => sign.setAttribute('role', 'img'));
    });
    document.addEventListener('input', (event) => {
        if (event.target.matches('[data-next-number]')) {
            number();
            offerRows();
        }
    });
    document.addEventListener('formset:removed', () => {
        number();
        offerRows();
    });

    // Registered after Django's own, hence called after it has made its boxes.
    $(() => {
        nameAll(document);
        number();
        offerRows();
        scopeAll(document);
        document.getElementById('error-places')?.focus();
    });
    document.addEventListener('formset:added', (event) => {
        nameAll(event.target);
        number();
        offerRows();
        scopeAll(event.target);
    });
    $(document).on('select2:open', (event) => {
        for (const search of document.querySelectorAll('.select2-container--open .select2-search__field')) {
            search.setAttribute('aria-label', words(event.target));
        }
    });

    document.getElementById('error-places')?.addEventListener('click', (event) => {
        const link = event.target.closest('a');
        const place = link && document.getElementById(link.hash.slice(1));
        if (!place) {
            return;
        }
        event.preventDefault();
        for (let fold = place.closest('details'); fold; fold = fold.parentElement.closest('details')) {
            fold.open = true;
        }
        const box = place.matches('.select2-hidden-accessible')
            ? place.nextElementSibling.querySelector('.select2-selection') : place;
        const goal = box.matches('input, select, textarea, .select2-selection')
            ? box : box.querySelector('input:not([type=hidden]), select, textarea') ?? box;
        goal.scrollIntoView({block: 'center'});
        goal.focus({preventScroll: true});
    });
}
