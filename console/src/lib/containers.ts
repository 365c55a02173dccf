const kNumber = /^([A-Z]{4})(\d{6})(\d)$/;

/** As it is painted on the box, its check digit apart: QXAU 638700-5. Other text stays as it is. */
export const containerLabel = (text: string) => text.replace(kNumber, '$1 $2-$3');
