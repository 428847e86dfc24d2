'use strict';
// Who leaves a form whose inputs hold something else than when the page came is asked once; whoever saves it, or
// changed nothing, is not. What was refused was never saved. Without this file nobody is asked.
{
    const form = document.querySelector('#content-main > form');
    const held = () => JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value.name ?? value]));
    let before = null;
    let sent = false;

    if (form) {
        // After Django's own scripts have laid out their lists.
        window.addEventListener('load', () => {
            before = document.getElementById('error-places') ? '' : held();
        });
        form.addEventListener('submit', () => {
            sent = true;
        });
        window.addEventListener('beforeunload', (event) => {
            if (!sent && before !== null && held() !== before) {
                event.preventDefault();
            }
        });
    }
}
