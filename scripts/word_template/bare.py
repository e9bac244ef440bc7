"""A document without anything that python-docx's own template brings."""

from docx.document import Document as Word
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

FONT = "Times New Roman"


def strip(word: Word) -> None:
    """Drop what python-docx's own template brings: its theme, fonts, numbering, picture and 160 styles."""
    package, part = word.part.package, word.part
    for rels in (package.rels, part.rels):
        for key, rel in list(rels.items()):
            if rel.reltype.rsplit("/", 1)[-1] in _UNUSED_PARTS:
                del rels[key]
    settings = word.settings.element
    for child in list(settings):
        if child.tag.rsplit("}", 1)[-1] not in ("characterSpacingControl", "defaultTabStop", "compat"):
            settings.remove(child)
    layout = settings.find(qn("w:compat"))
    layout.remove(layout.find(qn("w:useFELayout")))
    layout.find(qn("w:compatSetting")).set(qn("w:val"), "15")  # as Word lays out since 2013
    root = word.styles.element
    for child in list(root):
        root.remove(child)
    root.append(
        parse_xml(
            f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr><w:rFonts {fonts()}/><w:color w:val='000000'/>"
            '<w:sz w:val="28"/><w:szCs w:val="28"/><w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/></w:rPr>'
            '</w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
            "</w:pPr></w:pPrDefault></w:docDefaults>"
        )
    )
    for kind, style_id, name in (
        ("paragraph", "Normal", "Normal"),
        ("character", "DefaultParagraphFont", "Default Paragraph Font"),
        ("table", "TableNormal", "Normal Table"),
        ("numbering", "NoList", "No List"),
    ):
        root.append(
            parse_xml(
                f'<w:style {nsdecls("w")} w:type="{kind}" w:default="1" w:styleId="{style_id}"><w:name w:val="{name}"/>'
                f"{_TABLE_CELLS if kind == 'table' else ''}</w:style>"
            )
        )


_UNUSED_PARTS = {
    "theme",
    "fontTable",
    "stylesWithEffects",
    "customXml",
    "numbering",
    "thumbnail",
    "webSettings",
    "extended-properties",
}
_TABLE_CELLS = (
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>'
    '<w:left w:w="70" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
    "</w:tblPr>"
)


def fonts() -> str:
    return " ".join(f'w:{script}="{FONT}"' for script in ("ascii", "hAnsi", "eastAsia", "cs"))
