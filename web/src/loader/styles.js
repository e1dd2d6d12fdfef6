export default `
:host{all:initial;display:block;font-family:var(--career-advisor-font,system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif)}
:host([data-floating]){position:fixed;inset-block-end:0;inset-inline-end:0;inline-size:0;block-size:0;z-index:var(--career-advisor-layer,2147483000)}
:host(:not([data-floating])){block-size:var(--career-advisor-height,36rem);min-block-size:20rem}
[hidden]{display:none!important}
button{all:initial;font-family:inherit;box-sizing:border-box;position:fixed;bottom:calc(var(--career-advisor-offset,20px) + env(safe-area-inset-bottom,0px));right:var(--career-advisor-offset,20px);display:flex;align-items:center;gap:10px;min-block-size:56px;padding:0 22px 0 18px;border-radius:28px;background:var(--career-advisor-accent,light-dark(#0b5d4e,#6fd6bd));color:var(--career-advisor-on-accent,light-dark(#fff,#08201b));font-size:16px;font-weight:600;line-height:1.2;letter-spacing:-.005em;cursor:pointer;box-shadow:0 1px 2px #0003,0 8px 24px #0b201b3d;border:1px solid transparent;-webkit-tap-highlight-color:transparent}
:host([data-position=left]) button{right:auto;left:var(--career-advisor-offset,20px)}
button:hover{filter:brightness(1.08)}
button:focus-visible{outline:3px solid var(--career-advisor-accent,light-dark(#0b5d4e,#6fd6bd));outline-offset:3px}
svg{inline-size:26px;block-size:26px;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round;flex:none}
button[aria-busy=true] svg{opacity:.45}
.badge{position:absolute;inset-block-start:-6px;inset-inline-end:-4px;min-inline-size:24px;block-size:24px;box-sizing:border-box;padding:0 6px;border-radius:12px;background:#c0322b;color:#fff;border:2px solid #fff;font-size:12px;line-height:20px;text-align:center}
[role=alert]{position:fixed;bottom:calc(var(--career-advisor-offset,20px) + 68px);right:var(--career-advisor-offset,20px);max-inline-size:260px;padding:12px 14px;border-radius:12px;background:light-dark(#fff,#20282b);color:light-dark(#16201e,#eef3f1);font-size:14px;line-height:1.4;box-shadow:0 4px 20px #0000002e;border:1px solid light-dark(#dde3e1,#3a4548)}
:host([data-position=left]) [role=alert]{right:auto;left:var(--career-advisor-offset,20px)}
@media (max-width:480px){button{padding:0;inline-size:56px;justify-content:center}.text{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}}
@media (prefers-reduced-motion:no-preference){button{transition:filter .15s}}
`;
