* Writes pspp-1258.sav, in the Vietnamese code page of Windows. pspp make.sps, in this folder.
SET LOCALE='windows-1258'.
DATA LIST LIST NOTABLE /id (F8.0) province (A20) q1 (F8.0).
BEGIN DATA
1 "Cà Mau" 1
2 "Huế" 888
3 "Quảng Trị" 2
END DATA.
MISSING VALUES q1 (888, 999).
VALUE LABELS q1 1 'Có' 2 'Không' 888 'Không biết'.
SAVE OUTFILE='pspp-1258.sav'.
