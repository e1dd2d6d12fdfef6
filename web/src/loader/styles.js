export default `
:host{all:initial;display:block;font-family:var(--career-advisor-font,system-ui,sans-serif)}
:host([data-floating]){position:fixed;width:0;height:0;z-index:var(--career-advisor-layer,2147483000)}
:host(:not([data-floating])){height:var(--career-advisor-height,576px);min-height:320px}
[hidden]{display:none!important}
.launcher{all:initial;color-scheme:inherit;font-family:inherit;box-sizing:border-box;position:fixed;bottom:calc(var(--career-advisor-offset,20px) + env(safe-area-inset-bottom,0px));right:var(--career-advisor-offset,20px);display:flex;align-items:center;gap:10px;min-height:56px;padding:0 22px 0 18px;border-radius:28px;background:var(--career-advisor-accent,light-dark(#0b5d4e,#6fd6bd));color:var(--career-advisor-on-accent,light-dark(#fff,#08201b));font-size:16px;font-weight:600;line-height:1.2;cursor:pointer;box-shadow:0 8px 24px #0b201b3d;border:1px solid transparent;-webkit-tap-highlight-color:transparent}
.left.left{right:auto;left:var(--career-advisor-offset,20px)}
.launcher:hover{filter:brightness(1.08)}
.launcher:focus-visible{outline:3px solid var(--career-advisor-accent,light-dark(#0b5d4e,#6fd6bd));outline-offset:3px}
.launcher svg{width:26px;height:26px;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round;flex:none}
.launcher[aria-busy=true] svg{opacity:.45}
.badge{position:absolute;top:-6px;right:-4px;min-width:12px;padding:0 4px;border-radius:12px;background:#c0322b;color:#fff;border:2px solid #fff;font-size:12px;line-height:20px;text-align:center}
.note{position:fixed;bottom:calc(var(--career-advisor-offset,20px) + 68px);right:var(--career-advisor-offset,20px);max-width:260px;padding:12px 14px;border-radius:12px;background:light-dark(#fff,#20282b);color:light-dark(#16201e,#eef3f1);font-size:14px;line-height:1.4;box-shadow:0 8px 24px #0b201b3d}
@media (max-width:480px){.launcher{padding:0;width:56px;justify-content:center}.text{display:none}}
@media print{:host([data-floating]){display:none!important}}
`;
