<?xml version="1.0" encoding="utf-8"?>
<!-- All views in one file, without what only people read: PowerShell takes a document apart with every space in it, at each import. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output encoding="utf-8" />
  <xsl:strip-space elements="*" />
  <xsl:template match="/files">
    <Configuration>
      <ViewDefinitions>
        <xsl:for-each select="file">
          <xsl:sort />
          <xsl:apply-templates select="document(.)/Configuration/ViewDefinitions/View" />
        </xsl:for-each>
      </ViewDefinitions>
    </Configuration>
  </xsl:template>
  <xsl:template match="* | text()">
    <xsl:copy>
      <xsl:apply-templates select="* | text()" />
    </xsl:copy>
  </xsl:template>
</xsl:stylesheet>
