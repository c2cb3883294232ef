// Codes as people and payment systems write them, kept as text so that the list reads like the standard's.

/**
 * ISO 4217: currencies in circulation that every engine can sell in, lower case as Medusa keeps them. Medusa 2.18 lacks
 * about thirty, such as xcd; funds, metals and test codes are left out.
 */
export const CURRENCIES: ReadonlySet<string> = new Set(
  `aed afn all amd aoa ars aud azn bam bdt bgn bhd bif bnd bob brl bwp byn bzd cad cdf chf clp cny cop crc cve czk djf
   dkk dop dzd egp ern etb eur gbp gel ghs gmd gnf gtq hkd hnl huf idr ils inr iqd irr isk jmd jod jpy kes khr kmf krw
   kwd kzt lbp lkr lyd mad mdl mga mkd mmk mnt mop mur mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen php pkr pln
   pyg qar ron rsd rub rwf sar sdg sek sgd sos syp thb tjs tnd top try ttd twd tzs uah ugx usd uyu uzs vnd xaf xof xpf
   yer zar zwl`
    .trim()
    .split(/\s+/),
);

/** ISO 3166-1 alpha-2: countries and territories, lower case as Medusa keeps them. */
export const COUNTRIES: ReadonlySet<string> = new Set(
  `ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq br bs bt bv bw by bz ca cc
   cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg eh er es et fi fj fk fm fo fr ga gb gd
   ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh
   ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mf mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw
   mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc
   sd se sg sh si sj sk sl sm sn so sr ss st sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug um us uy
   uz va vc ve vg vi vn vu wf ws ye yt za zm zw`
    .trim()
    .split(/\s+/),
);
