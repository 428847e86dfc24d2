'use strict';
// The page that shows a key once: copying it, and leaving nothing behind for the browser's way back.
// Without this file the key can be selected by hand; the answer itself forbids keeping the page.
{
    const shown = document.getElementById('shown-key');
    const button = document.getElementById('copy-key');
    const status = document.getElementById('copied');
    if (navigator.clipboard) {
        button.hidden = false;
        button.addEventListener('click', async () => {
            try {
                await navigator.clipboard.writeText(shown.querySelector('code').textContent);
                status.textContent = 'Đã chép.';
            } catch {
                status.textContent = 'Trình duyệt không cho chép. Hãy bôi đen rồi chép.';
            }
        });
    }
    window.addEventListener('pagehide', () => {
        shown.textContent = 'Đã hiện một lần, không hiện lại.';
    });
}
